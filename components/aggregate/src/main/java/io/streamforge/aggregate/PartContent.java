package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.AggregateView;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a finer aggregate brings to a coarser window, packed into a cell and out of it again; reused. */
final class PartContent {

    private static final int STATISTICS = 1;
    private static final int STATES = 2;

    private final Packer out = new Packer();
    private final Unpacker in = new Unpacker();

    long good;
    long suspect;
    long uncertain;
    long gaps;
    boolean hasStatistics;
    long count;
    double avg;
    double min;
    double max;
    double stddev;
    double first;
    double last;
    /** Of the finer window, microseconds; only told where there are states. */
    long length;

    @Nullable
    States states;

    /** Whether it stands for one number and nothing else, of which a cell needs the quality and the number only. */
    static boolean single(AggregateView part) {
        return part.hasStatistics()
                && part.count() == 1
                && part.good() + part.suspect() + part.uncertain() == 1
                && part.gaps() == 0
                && part.states() == null;
    }

    /** Packs all that counts; the bytes stand in what is returned until the next call. */
    Packer pack(AggregateView part) {
        out.clear();
        States known = part.states();
        out.header((part.hasStatistics() ? STATISTICS : 0) | (known != null ? STATES : 0));
        out.unsigned(part.good());
        out.unsigned(part.suspect());
        out.unsigned(part.uncertain());
        out.unsigned(part.gaps());
        if (part.hasStatistics()) {
            out.unsigned(part.count());
            out.real(part.avg());
            out.real(part.min());
            out.real(part.max());
            out.real(part.stddev());
            out.real(part.first());
            out.real(part.last());
        }
        if (known != null) {
            out.unsigned(part.endMicros() - part.startMicros());
            pack(known);
        }
        return out;
    }

    void unpack(byte[] packed, int at) {
        in.reset(packed, at);
        int header = in.header();
        good = in.unsigned();
        suspect = in.unsigned();
        uncertain = in.unsigned();
        gaps = in.unsigned();
        hasStatistics = (header & STATISTICS) != 0;
        if (hasStatistics) {
            count = in.unsigned();
            avg = in.real();
            min = in.real();
            max = in.real();
            stddev = in.real();
            first = in.real();
            last = in.real();
        }
        length = (header & STATES) != 0 ? in.unsigned() : 0;
        states = (header & STATES) != 0 ? unpackStates(packed) : null;
    }

    private void pack(States known) {
        Value latest = known.last();
        text(latest == null ? null : StateWalk.name(latest));
        out.header((latest instanceof Value.Flag ? 2 : 0) | (known.open() ? 1 : 0));
        out.unsigned(known.count());
        out.unsigned(known.leadMicros());
        out.unsigned(known.times().size());
        for (StateTime time : known.times()) {
            text(time.state());
            out.unsigned(time.count());
            out.unsigned(time.micros());
        }
    }

    private States unpackStates(byte[] packed) {
        String latest = text(packed);
        int header = in.header();
        long counted = in.unsigned();
        long lead = in.unsigned();
        int size = (int) in.unsigned();
        List<StateTime> times = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            times.add(new StateTime(text(packed), in.unsigned(), in.unsigned()));
        }
        Value value = latest == null
                ? null
                : (header & 2) != 0 ? new Value.Flag(Boolean.parseBoolean(latest)) : new Value.Text(latest);
        return new States(value, counted, lead, (header & 1) != 0, times);
    }

    /** One number before it tells none from an empty one. */
    private void text(@Nullable String value) {
        if (value == null) {
            out.unsigned(0);
        } else {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.unsigned(1);
            out.content(utf8, 0, utf8.length);
        }
    }

    private @Nullable String text(byte[] packed) {
        if (in.unsigned() == 0) {
            return null;
        }
        int length = (int) in.unsigned();
        return new String(packed, in.skip(length), length, StandardCharsets.UTF_8);
    }
}
