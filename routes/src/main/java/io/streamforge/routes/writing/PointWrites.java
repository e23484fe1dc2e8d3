package io.streamforge.routes.writing;

import io.streamforge.adapter.MethodArgument;
import io.streamforge.adapter.MethodCaller;
import io.streamforge.adapter.WriteRule;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.routes.plan.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries out orders to write a point or to call a method: nothing is written unless the point's row says that it may be, the value is within its range, the last write
 * was long enough ago, the interlock holds on the device at that moment and the order has not expired; and nothing counts as written unless it is
 * read back. One order at a time per adapter, so that two of them cannot pass their guards together.
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
        return (WriteResult) once(order);
    }

    /**
     * Calls once, however often the order comes; for an order that was carried out before, what came of it then.
     *
     * @throws WriteRefusedException if it must not be; nothing was called
     * @throws IOException if it cannot be noted on this machine's disk that it is; nothing was called
     */
    public CallResult call(CallOrder order) throws WriteRefusedException, IOException {
        return (CallResult) once(order);
    }

    private Outcome once(Order order) throws WriteRefusedException, IOException {
        ReentrantLock lock = locks.computeIfAbsent(order.adapterId(), id -> new ReentrantLock(true));
        lock.lock();
        try {
            WriteJournal.Known known = journal.known(order.id());
            if (known instanceof WriteJournal.Known.Done done) {
                return done.outcome();
            }
            if (known instanceof WriteJournal.Known.Begun) {
                throw new WriteRefusedException(
                        order instanceof WriteOrder
                                ? "Point '%s': the gateway stopped while it carried this order out; whether the device has the value is not known. It is not written again."
                                        .formatted(order.point())
                                : "Method '%s': the gateway stopped while it carried this order out; whether the device did it is not known. It is not called again."
                                        .formatted(order.point()));
            }
            return guarded(order);
        } finally {
            lock.unlock();
        }
    }

    private Outcome guarded(Order order) throws WriteRefusedException, IOException {
        WriteTarget target = targets.apply(order.adapterId())
                .orElseThrow(() -> new WriteRefusedException(
                        "Adapter '%s' does not run on this gateway, or its connector cannot write."
                                .formatted(order.adapterId())));
        OptionalInt found = target.table().row(order.asset(), target.asset(), order.parameter());
        if (found.isEmpty()) {
            throw refused(order, "is not in the table of adapter '%s'".formatted(order.adapterId()));
        }
        int row = found.getAsInt();
        WriteRule rule = target.table()
                .rule(row)
                .orElseThrow(() -> refused(
                        order,
                        order instanceof WriteOrder
                                ? "is not writable: its row does not say so"
                                : "may not be called: its row does not say writable"));
        Deed deed = deed(order, target, row, rule);
        requireInterval(order, rule);
        Value before = requireInterlock(order, rule, row, target);
        Instant now = clock.instant();
        if (!now.isBefore(order.expiresAt())) {
            throw refused(
                    order,
                    "was to be %s before %s, it is %s"
                            .formatted(order instanceof WriteOrder ? "written" : "called", order.expiresAt(), now));
        }
        Optional<Instant> last = journal.last(order);
        journal.begin(order, now);
        try {
            Outcome outcome = deed.carryOut(before, now);
            journal.end(order, outcome);
            return outcome;
        } catch (IllegalArgumentException e) {
            journal.withdraw(order, last);
            throw refused(order, String.valueOf(e.getMessage()));
        }
    }

    /** What is done when nothing stands against it any more. */
    private interface Deed {

        /**
         * @param before what the row's point has
         * @throws IllegalArgumentException if the device was not asked, because it could not take it
         */
        Outcome carryOut(@Nullable Value before, Instant now);
    }

    /** After what the row says of the value, or of the arguments. */
    private static Deed deed(Order order, WriteTarget target, int row, WriteRule rule) throws WriteRefusedException {
        Optional<List<MethodArgument>> arguments = target.table().arguments(row);
        if (order instanceof WriteOrder write) {
            if (arguments.isPresent()) {
                throw refused(order, "is a method: it is called, not written");
            }
            Optional<String> refusal = rule.refusal(write.value());
            if (refusal.isPresent()) {
                throw refused(order, refusal.get());
            }
            return (before, now) -> carryOut(write, target, row, before, now);
        }
        CallOrder call = (CallOrder) order;
        if (arguments.isEmpty() || !(target.writer() instanceof MethodCaller caller)) {
            throw refused(order, "is no method");
        }
        List<List<Value>> values = values(call, arguments.get());
        return (before, now) -> carryOut(call, caller, row, values, now);
    }

    /** The arguments in the row's order. */
    private static List<List<Value>> values(CallOrder order, List<MethodArgument> arguments)
            throws WriteRefusedException {
        Set<String> names = arguments.stream().map(MethodArgument::name).collect(Collectors.toCollection(TreeSet::new));
        if (!names.equals(order.arguments().keySet())) {
            throw refused(
                    order,
                    "is called with %s, got %s"
                            .formatted(
                                    names.isEmpty() ? "no arguments" : String.join(", ", names),
                                    order.arguments().isEmpty()
                                            ? "none"
                                            : String.join(
                                                    ", ",
                                                    new TreeSet<>(
                                                            order.arguments().keySet()))));
        }
        List<List<Value>> values = new ArrayList<>();
        for (MethodArgument argument : arguments) {
            List<Value> given = Objects.requireNonNull(order.arguments().get(argument.name()));
            Optional<String> refusal = argument.refusal(given);
            if (refusal.isPresent()) {
                throw refused(order, "cannot be called: argument '%s' %s".formatted(argument.name(), refusal.get()));
            }
            values.add(given);
        }
        return values;
    }

    private void requireInterval(Order order, WriteRule rule) throws WriteRefusedException {
        Optional<Instant> last = journal.last(order);
        if (last.isPresent()) {
            Duration since = Duration.between(last.get(), clock.instant());
            if (since.compareTo(rule.interval()) < 0) {
                throw refused(
                        order,
                        (order instanceof WriteOrder
                                        ? "may be written every %d ms, the last write was %d ms ago"
                                        : "may be called every %d ms, the last call was %d ms ago")
                                .formatted(rule.interval().toMillis(), since.toMillis()));
            }
        }
    }

    /** Reads what the point has now, where it is one, and on the way what the interlock depends on. */
    private static @Nullable Value requireInterlock(Order order, WriteRule rule, int row, WriteTarget target)
            throws WriteRefusedException {
        WriteRule.Interlock interlock = rule.interlock();
        List<Integer> rows = new ArrayList<>();
        if (interlock != null) {
            rows.add(interlock.row());
        }
        if (order instanceof WriteOrder) {
            rows.add(row);
        }
        List<Sample> samples = rows.isEmpty() ? List.of() : target.writer().read(rows);
        if (interlock != null && !interlock.holds(samples.get(0).value())) {
            Sample guard = samples.get(0);
            throw refused(
                    order,
                    "may be %s only while '%s' is %s, it is %s"
                            .formatted(
                                    order instanceof WriteOrder ? "written" : "called",
                                    target.table().name(interlock.row()),
                                    WriteRule.text(interlock.value()),
                                    guard.value() == null
                                            ? "unknown (%s)".formatted(guard.reason())
                                            : WriteRule.text(guard.value())));
        }
        return order instanceof WriteOrder ? samples.get(samples.size() - 1).value() : null;
    }

    private static CallResult carryOut(
            CallOrder order, MethodCaller caller, int row, List<List<Value>> values, Instant now) {
        try {
            List<CallResult.Output> outputs = new ArrayList<>();
            for (MethodCaller.Output output : caller.call(row, values)) {
                outputs.add(new CallResult.Output(output.name(), plain(output.value())));
            }
            return new CallResult(outputs, now, null);
        } catch (IOException e) {
            return new CallResult(
                    List.of(),
                    now,
                    "Method '%s' was not carried out as far as is known: %s.".formatted(order.point(), e.getMessage()));
        }
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

    private static WriteRefusedException refused(Order order, String rule) {
        return new WriteRefusedException((order instanceof WriteOrder
                        ? "Point '%s' %s. Nothing was written."
                        : "Method '%s' %s. Nothing was called.")
                .formatted(order.point(), rule));
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
