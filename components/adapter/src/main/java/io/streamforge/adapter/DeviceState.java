package io.streamforge.adapter;

import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
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
 * How well a polled device is doing: its fault, its counters, and a log line when it gets worse or better, never one per poll. For the poll's thread and
 * those that ask.
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
    private final Losses losses;
    private State state = State.UNKNOWN;
    private long polls;
    private long failedInARow;
    private long answerNanos;
    private long goodPoints;
    private long badPoints;
    private volatile @Nullable String fault;

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
        this(protocol, address, pace, new Losses());
    }

    /**
     * @param protocol as operators know it: KNX
     * @param pace through which every request to the device goes
     * @param losses gets the polls that fail
     */
    public DeviceState(String protocol, String address, Pace pace, Losses losses) {
        this.protocol = protocol;
        this.address = address;
        this.pace = pace;
        this.losses = losses;
    }

    public synchronized void error(String code) {
        errors.merge(code, 1L, Long::sum);
    }

    /** The device answered one request, well or not, within so many nanoseconds. */
    public synchronized void answer(long nanos) {
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
    public synchronized boolean answered(PointBook book) {
        return answered(book.read(), book.failed(), book.failed() == 0 ? null : book.summary());
    }

    /**
     * The device answered, or said something by itself.
     *
     * @param read points whose value that was
     * @param failed points whose value that should have been
     * @param reason why not every point is known, null if all are
     * @return true if it was down before
     */
    public synchronized boolean answered(int read, int failed, @Nullable String reason) {
        boolean wasDown = state == State.DOWN;
        goodPoints += read;
        badPoints += failed;
        settle(reason == null ? State.UP : State.PARTLY, reason);
        if (wasDown) {
            failedInARow = 0;
        }
        return wasDown;
    }

    /** It answered nothing; the book says so of its points. */
    public synchronized void silent(PointBook book, String reason) {
        goodPoints += book.read();
        silent(book.failed(), reason);
    }

    /**
     * It answered nothing.
     *
     * @param failed points whose values are missing
     */
    public synchronized void silent(int failed, String reason) {
        badPoints += failed;
        silent(reason);
    }

    /** It answered nothing. */
    public synchronized void silent(String reason) {
        losses.add(Loss.POLL_FAILED);
        failedInARow++;
        settle(State.DOWN, reason);
    }

    private void settle(State next, @Nullable String reason) {
        State before = state;
        polls++;
        state = next;
        fault = reason;
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

    /** What it did not bring, to which whoever polls it adds. */
    public Losses losses() {
        return losses;
    }

    public synchronized Counters counters() {
        return new Counters(
                polls, losses.of(Loss.POLL_FAILED), 0, 0, Collections.unmodifiableSortedMap(new TreeMap<>(errors)));
    }

    public synchronized Traffic traffic() {
        return new Traffic(
                Arrays.stream(answers).boxed().toList(),
                answerNanos / NANOS_PER_SECOND,
                pace.requests(),
                pace.ceiling(),
                goodPoints,
                badPoints);
    }
}
