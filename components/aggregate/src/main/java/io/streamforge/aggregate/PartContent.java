package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.States;
import io.streamforge.model.AggregateView;
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
            StatesContent.pack(known, out);
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
        states = (header & STATES) != 0 ? StatesContent.unpack(in) : null;
    }
}
