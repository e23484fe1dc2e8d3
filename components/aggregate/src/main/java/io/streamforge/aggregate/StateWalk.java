package io.streamforge.aggregate;

import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a window's contributions in their order and tells how long each state held: from its reading to the next reading, a gap marker or
 * the window's end. Before the first contribution nothing is known, so nothing is claimed. All times are whole microseconds: sums of them do
 * not depend on any order.
 */
final class StateWalk {

    /** So many states are told by name; a signal with more of them carries texts, not states. */
    static final int MOST_NAMED = 16;

    private static final long NOTHING_YET = -1;
    private static final Comparator<StateTime> LONGEST_FIRST = Comparator.comparingLong(StateTime::micros)
            .thenComparingLong(StateTime::count)
            .reversed()
            .thenComparing(time -> String.valueOf(time.state()));

    /** Readings and microseconds of one state. */
    private static final class Held {
        private long count;
        private long micros;
    }

    private final Map<String, Held> named = new TreeMap<>();
    private final Held others = new Held();
    private long start;
    private long end;
    private long lead;
    private long count;
    private @Nullable Value last;
    private @Nullable Value current;
    private long since;

    void begin(long windowStart, long windowEnd) {
        named.clear();
        others.count = 0;
        others.micros = 0;
        start = windowStart;
        end = windowEnd;
        lead = NOTHING_YET;
        count = 0;
        last = null;
        current = null;
    }

    /** A flag or text that counts. */
    void enter(Value state, long time) {
        interrupt(time);
        held(name(state)).count++;
        count++;
        last = state;
        current = state;
        since = time;
    }

    /** Whatever else comes ends the state: a gap marker, a number, a value that does not count. */
    void interrupt(long time) {
        if (lead == NOTHING_YET) {
            lead = time - start;
        }
        if (current != null && time > since) {
            held(name(current)).micros += time - since;
        }
        current = null;
    }

    /** A finer window: the state before it held until its first contribution. */
    void part(long partStart, long partEnd, States part) {
        interrupt(partStart + part.leadMicros());
        for (StateTime time : part.times()) {
            Held held = time.state() == null ? others : held(time.state());
            held.count += time.count();
            held.micros += time.micros();
        }
        count += part.count();
        if (part.last() != null) {
            last = part.last();
        }
        if (part.open()) {
            current = part.last();
            since = partEnd;
        }
    }

    /** What {@link #resume} goes on from, together with {@link #since}. */
    States soFar() {
        List<StateTime> times = new ArrayList<>();
        named.forEach((state, held) -> times.add(new StateTime(state, held.count, held.micros)));
        times.add(new StateTime(null, others.count, others.micros));
        return new States(last, count, lead, current != null, times);
    }

    /** When the state that holds began, microseconds since the epoch; says nothing if none does. */
    long since() {
        return since;
    }

    void resume(States soFar, long began) {
        for (StateTime time : soFar.times()) {
            Held held = time.state() == null ? others : held(time.state());
            held.count = time.count();
            held.micros = time.micros();
        }
        lead = soFar.leadMicros();
        count = soFar.count();
        last = soFar.last();
        current = soFar.open() ? last : null;
        since = began;
    }

    /** @param evenIfNone whether a window without any state has them too */
    @Nullable
    States result(boolean evenIfNone) {
        if (count == 0 && !evenIfNone) {
            return null;
        }
        boolean open = current != null;
        interrupt(end);
        List<StateTime> times = new ArrayList<>();
        named.forEach((state, held) -> times.add(new StateTime(state, held.count, held.micros)));
        times.sort(LONGEST_FIRST);
        while (times.size() > MOST_NAMED) {
            StateTime unnamed = times.remove(times.size() - 1);
            others.count += unnamed.count();
            others.micros += unnamed.micros();
        }
        if (others.count > 0) {
            times.add(new StateTime(null, others.count, others.micros));
        }
        return new States(last, count, lead, open, times);
    }

    static String name(Value state) {
        return state instanceof Value.Text text ? text.value() : Boolean.toString(state.equals(new Value.Flag(true)));
    }

    private Held held(String state) {
        return named.computeIfAbsent(state, name -> new Held());
    }
}
