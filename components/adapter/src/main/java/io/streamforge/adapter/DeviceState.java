package io.streamforge.adapter;

import io.streamforge.adapter.SourceHealth.Counters;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How well a polled device is doing: its fault, its counters, and a log line when it gets worse or better, never one per poll. Confined to the poll's
 * thread but for {@link #fault} and {@link #counters}.
 */
public final class DeviceState {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceState.class);

    /** The order goes from best to worst. */
    private enum State {
        UNKNOWN,
        UP,
        PARTLY,
        DOWN
    }

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final String protocol;
    private final String address;
    private final Pace pace;
    private final long[] answers = new long[Traffic.BOUNDS_MILLIS.size() + 1];
    private final SortedMap<String, Long> errors = new TreeMap<>();
    private State state = State.UNKNOWN;
    private long polls;
    private long failedPolls;
    private long failedInARow;
    private long answerNanos;
    private long goodPoints;
    private long badPoints;
    private volatile @Nullable String fault;
    private volatile Traffic traffic = Traffic.NONE;
    private volatile Counters counters = new Counters(0, 0, 0, 0, Collections.emptySortedMap());

    /**
     * @param protocol as operators know it: Simulator
     */
    public DeviceState(String protocol, String address) {
        this(protocol, address, new Pace(Duration.ZERO, 0));
    }

    /**
     * @param protocol as operators know it: Modbus, S7
     * @param pace through which every request to the device goes
     */
    public DeviceState(String protocol, String address, Pace pace) {
        this.protocol = protocol;
        this.address = address;
        this.pace = pace;
    }

    public void error(String code) {
        errors.merge(code, 1L, Long::sum);
    }

    /** The device answered one request, well or not, within so many nanoseconds. */
    public void answer(long nanos) {
        int bucket = 0;
        while (bucket < Traffic.BOUNDS_MILLIS.size() && nanos > Traffic.BOUNDS_MILLIS.get(bucket) * NANOS_PER_MILLI) {
            bucket++;
        }
        answers[bucket]++;
        answerNanos += nanos;
    }

    /**
     * The device answered a poll.
     *
     * @return true if it was down before
     */
    public boolean answered(PointBook book) {
        boolean wasDown = state == State.DOWN;
        boolean whole = book.failed() == 0;
        count(book);
        settle(whole ? State.UP : State.PARTLY, whole ? null : book.summary());
        if (wasDown) {
            failedInARow = 0;
        }
        return wasDown;
    }

    private void count(PointBook book) {
        goodPoints += book.read();
        badPoints += book.failed();
    }

    /** It answered nothing; the book says so of its points. */
    public void silent(PointBook book, String reason) {
        count(book);
        silent(reason);
    }

    /** It answered nothing. */
    public void silent(String reason) {
        failedPolls++;
        failedInARow++;
        settle(State.DOWN, reason);
    }

    private void settle(State next, @Nullable String reason) {
        State before = state;
        polls++;
        state = next;
        fault = reason;
        counters = new Counters(polls, failedPolls, 0, 0, Collections.unmodifiableSortedMap(new TreeMap<>(errors)));
        traffic = new Traffic(
                Arrays.stream(answers).boxed().toList(),
                answerNanos / NANOS_PER_SECOND,
                pace.requests(),
                pace.ceiling(),
                goodPoints,
                badPoints);
        if (next == before) {
            return;
        }
        if (next.compareTo(before) > 0 && next != State.UP) {
            LOG.atWarn()
                    .addKeyValue("protocol", protocol)
                    .addKeyValue("address", address)
                    .addKeyValue("reason", reason)
                    .log(next == State.DOWN ? "Device is down" : "Points cannot be read");
        } else {
            LOG.atInfo()
                    .addKeyValue("protocol", protocol)
                    .addKeyValue("address", address)
                    .addKeyValue("count", failedInARow)
                    .log(
                            next == State.UP
                                    ? "Device is up, every point is read"
                                    : "Device answers again, not for all points");
        }
    }

    /** Why not every point is read, as a sentence; empty if all are. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    public Counters counters() {
        return counters;
    }

    /** As of the last poll. */
    public Traffic traffic() {
        return traffic;
    }
}
