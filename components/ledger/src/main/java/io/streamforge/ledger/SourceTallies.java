package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.Ledger;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Loss;
import io.streamforge.model.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Enters what sources lost, and knows what of it the stream has. It made no record, so it cannot be counted again from the stream: what was counted since
 * the last entry is gone when the gateway is killed, and therefore entered sooner than what stands in the stream.
 *
 * <p>Lives as long as the process, whatever becomes of the ledger's route.
 */
final class SourceTallies {

    /** At most so long waits what was lost, if something was entered just before. */
    private static final Duration SOONER = Duration.ofSeconds(5);

    /** What the stream has, by adapter. */
    private final Map<String, Map<Loss, Long>> entered = new HashMap<>();

    /** Whether a transaction is under way that has entries. */
    private boolean underWay;

    private Instant dueAt = Instant.MIN;

    /**
     * Adds the entries that are due.
     *
     * @param lost by adapter, since the start of this process
     * @param in what came; a tick will do
     */
    synchronized void write(
            Settings settings, LedgerCodec codec, Map<String, Map<Loss, Long>> lost, Batch in, Instant now, Batch out) {
        if (!in.forgotten().isEmpty()) {
            // A transaction that is still under way was taken back.
            underWay = false;
        }
        if (in.warmUp() || underWay || now.isBefore(dueAt)) {
            return;
        }
        Map<String, Map<Loss, Long>> rest = rest(lost);
        if (rest.isEmpty()) {
            return;
        }
        dueAt = now.plus(settings.interval().compareTo(SOONER) < 0 ? settings.interval() : SOONER);
        underWay = true;
        in.whenCommitted(() -> committed(rest));
        rest.forEach((adapter, losses) -> losses.forEach((loss, count) -> {
            Ledger entry = entry(settings, adapter, loss, entered(adapter, loss), count, now);
            out.add(adapter.getBytes(StandardCharsets.UTF_8), codec.encode(entry), 0, 0);
        }));
    }

    private static Ledger entry(Settings settings, String adapter, Loss loss, long before, long count, Instant now) {
        return new Ledger(
                loss.kind(),
                settings.stage(),
                "",
                "",
                now.truncatedTo(ChronoUnit.MINUTES),
                count,
                before + 1,
                before + count,
                new Origin(settings.gatewayId(), adapter, "", 0, 0),
                "",
                -1,
                loss.name());
    }

    private synchronized void committed(Map<String, Map<Loss, Long>> rest) {
        underWay = false;
        rest.forEach((adapter, losses) -> {
            Map<Loss, Long> sums = entered.computeIfAbsent(adapter, id -> new EnumMap<>(Loss.class));
            losses.forEach((loss, count) -> sums.merge(loss, count, Long::sum));
        });
    }

    /**
     * What of this the stream does not have.
     *
     * @param lost by adapter, since the start of this process
     */
    synchronized Map<String, Map<Loss, Long>> rest(Map<String, Map<Loss, Long>> lost) {
        Map<String, Map<Loss, Long>> rest = new TreeMap<>();
        lost.forEach((adapter, losses) -> losses.forEach((loss, count) -> {
            long more = count - entered(adapter, loss);
            if (more > 0) {
                rest.computeIfAbsent(adapter, id -> new EnumMap<>(Loss.class)).put(loss, more);
            }
        }));
        return rest;
    }

    private long entered(String adapter, Loss loss) {
        return entered.getOrDefault(adapter, Map.of()).getOrDefault(loss, 0L);
    }
}
