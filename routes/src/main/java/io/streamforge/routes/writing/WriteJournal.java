package io.streamforge.routes.writing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.model.Quality;
import io.streamforge.routes.plan.DurableFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was begun to be written or called and what came of it, on disk before the device is touched: an order that comes again after a crash must not write
 * again. An order is remembered until it has expired, the time of a point's last write for a day.
 */
final class WriteJournal {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LAST_KEPT = Duration.ofDays(1);

    /** What is known of an order. */
    sealed interface Known {

        /** It never came. */
        record Nothing() implements Known {}

        /** It was begun, and how it ended was not noted. */
        record Begun() implements Known {}

        record Done(Outcome outcome) implements Known {}
    }

    /** As it is on disk; times are ISO 8601. */
    record Content(Map<String, Kept> orders, Map<String, String> last) {}

    /**
     * At most one of both.
     *
     * @param ended how a write ended
     * @param called how a call ended
     */
    record Kept(
            String expiresAt,
            @Nullable Ended ended,
            @Nullable Called called) {}

    record Ended(
            @Nullable Object before,
            @Nullable Object written,
            @Nullable Object readBack,
            Quality quality,
            String at,
            @Nullable String error) {}

    record Called(
            List<CallResult.Output> outputs,
            String at,
            @Nullable String error) {}

    private final DurableFile file;
    private final Clock clock;
    private final Map<String, Kept> orders = new HashMap<>();
    private final Map<String, String> last = new HashMap<>();

    /** @throws IOException if what is on disk cannot be read: then nothing may be written, because it is not known what was */
    WriteJournal(DurableFile file, Clock clock) throws IOException {
        this.file = file;
        this.clock = clock;
        Optional<byte[]> kept = file.read();
        if (kept.isPresent()) {
            Content content = JSON.readValue(kept.get(), Content.class);
            orders.putAll(content.orders());
            last.putAll(content.last());
        }
    }

    synchronized Known known(String orderId) {
        Kept kept = orders.get(orderId);
        if (kept == null) {
            return new Known.Nothing();
        }
        Ended ended = kept.ended();
        Called called = kept.called();
        if (ended != null) {
            return new Known.Done(new WriteResult(
                    ended.before(),
                    ended.written(),
                    ended.readBack(),
                    ended.quality(),
                    Instant.parse(ended.at()),
                    ended.error()));
        }
        return called == null
                ? new Known.Begun()
                : new Known.Done(new CallResult(called.outputs(), Instant.parse(called.at()), called.error()));
    }

    /** When a point was last written or a method last called, as far as that is less than a day ago. */
    synchronized Optional<Instant> last(Order order) {
        return Optional.ofNullable(last.get(point(order))).map(Instant::parse);
    }

    /** From here on the order counts as carried out. */
    synchronized void begin(Order order, Instant now) throws IOException {
        orders.put(order.id(), new Kept(order.expiresAt().toString(), null, null));
        last.put(point(order), now.toString());
        save();
    }

    /** It was not carried out after all, for a reason found out too late. */
    synchronized void withdraw(Order order, Optional<Instant> lastBefore) throws IOException {
        orders.remove(order.id());
        last.remove(point(order));
        lastBefore.ifPresent(at -> last.put(point(order), at.toString()));
        save();
    }

    synchronized void end(Order order, Outcome outcome) throws IOException {
        orders.put(order.id(), kept(order.expiresAt().toString(), outcome));
        save();
    }

    private static Kept kept(String expiresAt, Outcome outcome) {
        if (outcome instanceof WriteResult result) {
            Ended ended = new Ended(
                    result.before(),
                    result.written(),
                    result.readBack(),
                    result.quality(),
                    result.at().toString(),
                    result.error());
            return new Kept(expiresAt, ended, null);
        }
        CallResult result = (CallResult) outcome;
        return new Kept(
                expiresAt, null, new Called(result.outputs(), result.at().toString(), result.error()));
    }

    private void save() throws IOException {
        Instant now = clock.instant();
        orders.values().removeIf(kept -> Instant.parse(kept.expiresAt()).isBefore(now));
        last.values().removeIf(at -> Instant.parse(at).plus(LAST_KEPT).isBefore(now));
        file.write(JSON.writeValueAsBytes(new Content(orders, last)));
    }

    private static String point(Order order) {
        return order.adapterId() + " " + order.point();
    }
}
