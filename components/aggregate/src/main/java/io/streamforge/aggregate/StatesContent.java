package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The states of a window, packed and out of it again. */
final class StatesContent {

    private StatesContent() {}

    static void pack(States known, Packer out) {
        Value latest = known.last();
        out.text(latest == null ? null : StateWalk.name(latest));
        out.header((latest instanceof Value.Flag ? 2 : 0) | (known.open() ? 1 : 0));
        out.unsigned(known.count());
        out.unsigned(known.leadMicros());
        out.unsigned(known.times().size());
        for (StateTime time : known.times()) {
            out.text(time.state());
            out.unsigned(time.count());
            out.unsigned(time.micros());
        }
    }

    static States unpack(Unpacker in) {
        String latest = in.text();
        int header = in.header();
        long counted = in.unsigned();
        long lead = in.unsigned();
        int size = (int) in.unsigned();
        List<StateTime> times = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            times.add(new StateTime(in.text(), in.unsigned(), in.unsigned()));
        }
        return new States(value(latest, (header & 2) != 0), counted, lead, (header & 1) != 0, times);
    }

    private static @Nullable Value value(@Nullable String name, boolean flag) {
        if (name == null) {
            return null;
        }
        return flag ? new Value.Flag(Boolean.parseBoolean(name)) : new Value.Text(name);
    }
}
