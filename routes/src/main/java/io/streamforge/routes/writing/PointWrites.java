package io.streamforge.routes.writing;

import io.streamforge.adapter.WriteRule;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.routes.plan.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out orders to write a point: nothing is written unless the point's row says that it may be, the value is within its range, the last write
 * was long enough ago, the interlock holds on the device at that moment and the order has not expired; and nothing counts as written unless it is
 * read back. One write at a time per adapter, so that two of them cannot pass their guards together.
 */
public final class PointWrites {

    private final Function<String, Optional<WriteTarget>> targets;
    private final WriteJournal journal;
    private final Clock clock;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /**
     * @param data the gateway's data folder
     * @param targets finds a running adapter by its id
     * @throws IOException if it cannot be read what was written before
     */
    public PointWrites(Path data, Function<String, Optional<WriteTarget>> targets, Clock clock) throws IOException {
        this.targets = targets;
        this.journal = new WriteJournal(new DurableFile(data, "writes.json"), clock);
        this.clock = clock;
    }

    /**
     * Writes once, however often the order comes; for an order that was carried out before, what came of it then.
     *
     * @throws WriteRefusedException if it must not be; nothing was written
     * @throws IOException if it cannot be noted on this machine's disk that it is; nothing was written
     */
    public WriteResult write(WriteOrder order) throws WriteRefusedException, IOException {
        ReentrantLock lock = locks.computeIfAbsent(order.adapterId(), id -> new ReentrantLock(true));
        lock.lock();
        try {
            WriteJournal.Known known = journal.known(order.id());
            if (known instanceof WriteJournal.Known.Done done) {
                return done.result();
            }
            if (known instanceof WriteJournal.Known.Begun) {
                throw new WriteRefusedException(
                        "Point '%s': the gateway stopped while it carried this order out; whether the device has the value is not known. It is not written again."
                                .formatted(order.point()));
            }
            return guarded(order);
        } finally {
            lock.unlock();
        }
    }

    private WriteResult guarded(WriteOrder order) throws WriteRefusedException, IOException {
        WriteTarget target = targets.apply(order.adapterId())
                .orElseThrow(() -> new WriteRefusedException(
                        "Adapter '%s' does not run on this gateway, or its connector cannot write."
                                .formatted(order.adapterId())));
        OptionalInt found = target.table().row(order.asset(), target.asset(), order.parameter());
        if (found.isEmpty()) {
            throw refused(order, "is not in the table of adapter '%s'".formatted(order.adapterId()));
        }
        int row = found.getAsInt();
        WriteRule rule =
                target.table().rule(row).orElseThrow(() -> refused(order, "is not writable: its row does not say so"));
        Optional<String> refusal = rule.refusal(order.value());
        if (refusal.isPresent()) {
            throw refused(order, refusal.get());
        }
        requireInterval(order, rule);
        Value before = requireInterlock(order, rule, row, target);
        Instant now = clock.instant();
        if (!now.isBefore(order.expiresAt())) {
            throw refused(order, "was to be written before %s, it is %s".formatted(order.expiresAt(), now));
        }
        Optional<Instant> last = journal.last(order);
        journal.begin(order, now);
        try {
            WriteResult result = carryOut(order, target, row, before, now);
            journal.end(order, result);
            return result;
        } catch (IllegalArgumentException e) {
            journal.withdraw(order, last);
            throw refused(order, String.valueOf(e.getMessage()));
        }
    }

    private void requireInterval(WriteOrder order, WriteRule rule) throws WriteRefusedException {
        Optional<Instant> last = journal.last(order);
        if (last.isPresent()) {
            Duration since = Duration.between(last.get(), clock.instant());
            if (since.compareTo(rule.interval()) < 0) {
                throw refused(
                        order,
                        "may be written every %d ms, the last write was %d ms ago"
                                .formatted(rule.interval().toMillis(), since.toMillis()));
            }
        }
    }

    /** Reads what the point has now and, on the way, what the interlock depends on. */
    private static @Nullable Value requireInterlock(WriteOrder order, WriteRule rule, int row, WriteTarget target)
            throws WriteRefusedException {
        WriteRule.Interlock interlock = rule.interlock();
        if (interlock == null) {
            return target.writer().read(List.of(row)).get(0).value();
        }
        List<Sample> samples = target.writer().read(List.of(row, interlock.row()));
        Sample guard = samples.get(1);
        if (!interlock.holds(guard.value())) {
            throw refused(
                    order,
                    "may be written only while '%s' is %s, it is %s"
                            .formatted(
                                    target.table().name(interlock.row()),
                                    WriteRule.text(interlock.value()),
                                    guard.value() == null
                                            ? "unknown (%s)".formatted(guard.reason())
                                            : WriteRule.text(guard.value())));
        }
        return samples.get(0).value();
    }

    private static WriteResult carryOut(
            WriteOrder order, WriteTarget target, int row, @Nullable Value before, Instant now) {
        Value written = order.value();
        String error = null;
        try {
            written = target.writer().write(row, order.value());
        } catch (IOException e) {
            error = "Point '%s' was not acknowledged: %s.".formatted(order.point(), e.getMessage());
        }
        Sample seen = target.writer().read(List.of(row)).get(0);
        if (error == null && !written.equals(seen.value())) {
            error = "Point '%s' was acknowledged, but is not what was written: wrote %s, read back %s."
                    .formatted(
                            order.point(),
                            WriteRule.text(written),
                            seen.value() == null
                                    ? "nothing (%s)".formatted(seen.reason())
                                    : WriteRule.text(seen.value()));
        }
        return new WriteResult(plain(before), plain(written), plain(seen.value()), seen.quality(), now, error);
    }

    private static WriteRefusedException refused(WriteOrder order, String rule) {
        return new WriteRefusedException("Point '%s' %s. Nothing was written.".formatted(order.point(), rule));
    }

    private static @Nullable Object plain(@Nullable Value value) {
        if (value instanceof Value.Real real) {
            return Double.isFinite(real.value()) ? real.value() : null;
        } else if (value instanceof Value.Whole whole) {
            return whole.value();
        } else if (value instanceof Value.Flag flag) {
            return flag.value();
        } else if (value instanceof Value.Text text) {
            return text.value();
        }
        return null;
    }
}
