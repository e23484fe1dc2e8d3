package io.streamforge.validate;

import io.streamforge.model.Batch;
import io.streamforge.model.ReadingView;
import io.streamforge.model.SeriesMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of one partition, how far the gateway's time has come in it, and which of them are silent. Times are microseconds.
 *
 * <p>How far time has come is said by the records, and only for a partition without any by the wall clock: a stage that works off a backlog
 * finds the same silences as one that was never away.
 */
final class Partition {

    static final long NO_GAP = Long.MIN_VALUE;

    /** The horizon is kept with this accuracy. */
    private static final int STEPS = 16;

    private record Checkpoint(long time, long offset) {}

    private final Rules rules;
    private final long horizon;
    private final SeriesMap<Signal> series = new SeriesMap<>();
    private final List<Tracked> watched = new ArrayList<>();
    private final Deque<Checkpoint> checkpoints = new ArrayDeque<>();
    private long progress;
    private long quiet;
    private long toldUpTo;
    private long nextDeadline = Long.MAX_VALUE;
    private long sweepAt;
    private boolean arrived;
    private boolean otherRules;

    /** @param before the note of the last commit, null for none: up to when silence was told (it may have been the wall clock that told it), and by which rules */
    Partition(Rules rules, Batch.@Nullable Note before) {
        this.rules = rules;
        this.horizon = micros(rules.horizon());
        if (before != null) {
            this.toldUpTo = before.watermarkMicros();
            this.otherRules = before.decidedBy() != rules.digest();
        }
    }

    /**
     * The past is known, and what comes now is decided. Which gaps were marked is known of these rules only: after others, each series that is
     * BAD or silent is marked again, which is once too often where those marked it too, and not once too few where they did not.
     */
    void begin() {
        if (otherRules) {
            otherRules = false;
            nextDeadline = Long.MIN_VALUE;
            series.forEach(Signal::unmark);
        }
    }

    /** Moves time on to a record's gateway time. */
    void advance(long gatewayTime, long offset) {
        arrived = true;
        if (gatewayTime > progress) {
            progress = gatewayTime;
        }
        if (checkpoints.isEmpty() || progress - checkpoints.getLast().time >= horizon / STEPS) {
            checkpoints.addLast(new Checkpoint(progress, offset));
            while (checkpoints.size() > 1 && oldestButOne().time <= progress - horizon) {
                checkpoints.removeFirst();
            }
        }
    }

    private Checkpoint oldestButOne() {
        var oldestFirst = checkpoints.iterator();
        oldestFirst.next();
        return oldestFirst.next();
    }

    /** What is known of the reading's series, made if need be. */
    Signal signal(ReadingView reading) {
        Signal known = series.get(
                reading.bytes(),
                reading.assetOffset(),
                reading.assetLength(),
                reading.parameterOffset(),
                reading.parameterLength());
        return known != null ? known : make(reading);
    }

    private Signal make(ReadingView reading) {
        byte[] bytes = reading.bytes();
        int assetAt = reading.assetOffset();
        int parameterAt = reading.parameterOffset();
        byte[] asset = Arrays.copyOfRange(bytes, assetAt, assetAt + reading.assetLength());
        byte[] parameter = Arrays.copyOfRange(bytes, parameterAt, parameterAt + reading.parameterLength());
        Checks checks = rules.checksFor(reading.assetId(), reading.parameter());
        Signal made = checks.compares() ? new Tracked(checks, asset, parameter) : new Signal(checks);
        series.put(asset, parameter, made);
        if (made instanceof Tracked tracked && checks.maxGap() != null) {
            watched.add(tracked);
        }
        return made;
    }

    /**
     * A record of a watched series came.
     *
     * @return the time at which the silence that it ends became a gap; {@link #NO_GAP} if there was none, or if it was told already
     */
    long heard(Tracked tracked, long gatewayTime) {
        long maxGap = maxGap(tracked);
        long deadline = tracked.seen() + maxGap;
        boolean untold = tracked.source() != null && !tracked.silent() && !tracked.bad() && deadline < gatewayTime;
        if (untold) {
            tell(tracked, deadline);
        }
        tracked.setSilent(false);
        nextDeadline = Math.min(nextDeadline, Math.max(tracked.seen(), gatewayTime) + maxGap);
        return untold ? deadline : NO_GAP;
    }

    /**
     * Finds the series that are silent by now.
     *
     * @param passed how much time the wall clock says has passed since the last call
     * @param warmUp while records are re-read, what was told before the restart counts as told
     * @param told takes each with the time at which its silence became a gap
     */
    void settle(long passed, boolean warmUp, BiConsumer<Tracked, Long> told) {
        quiet = arrived || warmUp ? 0 : quiet + passed;
        arrived = false;
        long reached = Math.max(progress + quiet - 1, warmUp ? toldUpTo : 0);
        if (reached < nextDeadline) {
            return;
        }
        nextDeadline = Long.MAX_VALUE;
        for (Tracked tracked : watched) {
            if (!tracked.silent() && !tracked.bad()) {
                long deadline = tracked.seen() + maxGap(tracked);
                if (deadline <= reached) {
                    tracked.setSilent(true);
                    tell(tracked, deadline);
                    told.accept(tracked, deadline);
                } else {
                    nextDeadline = Math.min(nextDeadline, deadline);
                }
            }
        }
    }

    private void tell(Tracked tracked, long deadline) {
        tracked.interrupt();
        toldUpTo = Math.max(toldUpTo, deadline);
    }

    private static long maxGap(Tracked tracked) {
        Duration maxGap = tracked.checks().maxGap();
        return maxGap == null ? Long.MAX_VALUE : micros(maxGap);
    }

    /** Forgets what lies behind the horizon. */
    void sweep(Consumer<Signal> forgotten) {
        if (progress < sweepAt) {
            return;
        }
        sweepAt = progress + horizon / STEPS;
        long oldest = progress - horizon;
        series.removeIf(signal -> {
            boolean over = signal.seen() < oldest;
            if (over) {
                forgotten.accept(signal);
            }
            return over;
        });
        watched.removeIf(tracked -> tracked.seen() < oldest);
    }

    /** Forgets everything. */
    void drop(Consumer<Signal> forgotten) {
        series.removeIf(signal -> {
            forgotten.accept(signal);
            return true;
        });
        watched.clear();
    }

    int size() {
        return series.size();
    }

    boolean started() {
        return !checkpoints.isEmpty();
    }

    /** What the next process has to know: from where to read again, up to when silence was told, and by which rules. */
    Batch.Note note() {
        return new Batch.Note(checkpoints.getFirst().offset, toldUpTo, rules.digest());
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
