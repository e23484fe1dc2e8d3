package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.UndecodableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's sums per adapter and per sink since this process started, for its metrics and its health, read back from the ledger's topic: so they hold
 * what every stage wrote, committed. Safe for use by several threads.
 */
public final class Figures {

    private static final Logger LOG = LoggerFactory.getLogger(Figures.class);

    /** How long a gap stays a notice. */
    private static final Duration NOTICED = Duration.ofHours(1);

    /**
     * One count.
     *
     * @param adapterId empty for what cannot be read
     */
    public record Account(String adapterId, Kind kind) {}

    /**
     * What one adapter's source lost.
     *
     * @param reason the name of a {@link io.streamforge.model.Loss}
     */
    public record Lost(String adapterId, String reason) {}

    /** What one sink delivered of one topic. */
    public record Delivered(String sink, String topic) {}

    private record Noticed(Instant at, String sentence) {}

    private final Map<Account, LongAdder> sums = new ConcurrentHashMap<>();
    private final Map<Lost, LongAdder> lost = new ConcurrentHashMap<>();
    private final Map<Delivered, LongAdder> delivered = new ConcurrentHashMap<>();
    private final LongAdder gaps = new LongAdder();
    private final Clock clock;
    private volatile @Nullable Noticed noticed;

    Figures() {
        this(Clock.systemUTC());
    }

    Figures(Clock clock) {
        this.clock = clock;
    }

    /** The sums by adapter and kind; for SEQUENCE_GAP the numbers that are missing. */
    public Map<Account, Long> sums() {
        Map<Account, Long> all =
                new TreeMap<>(Comparator.comparing(Account::adapterId).thenComparing(Account::kind));
        sums.forEach((account, sum) -> all.put(account, sum.sum()));
        return all;
    }

    /** One of {@link #sums()}, 0 if there is none. */
    public long sum(Account account) {
        LongAdder sum = sums.get(account);
        return sum == null ? 0 : sum.sum();
    }

    /** What sources lost. */
    public Map<Lost, Long> lost() {
        Map<Lost, Long> all =
                new TreeMap<>(Comparator.comparing(Lost::adapterId).thenComparing(Lost::reason));
        lost.forEach((what, sum) -> all.put(what, sum.sum()));
        return all;
    }

    /** One of {@link #lost()}, 0 if there is none. */
    public long sum(Lost what) {
        LongAdder sum = lost.get(what);
        return sum == null ? 0 : sum.sum();
    }

    /** The records that sinks' systems accepted. */
    public Map<Delivered, Long> delivered() {
        Map<Delivered, Long> all =
                new TreeMap<>(Comparator.comparing(Delivered::sink).thenComparing(Delivered::topic));
        delivered.forEach((what, sum) -> all.put(what, sum.sum()));
        return all;
    }

    /** One of {@link #delivered()}, 0 if there is none. */
    public long sum(Delivered what) {
        LongAdder sum = delivered.get(what);
        return sum == null ? 0 : sum.sum();
    }

    /** How many gaps were found in sequences. */
    public long gaps() {
        return gaps.sum();
    }

    /** The last gap of the last hour, as a sentence for an operator. */
    public Optional<String> notice() {
        Noticed last = noticed;
        return last == null || last.at.plus(NOTICED).isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(last.sentence);
    }

    void add(Batch in, Decoder decoder) {
        if (in.warmUp()) {
            return;
        }
        for (int i = 0; i < in.size(); i++) {
            Ledger entry;
            try {
                entry = decoder.ledger(in.value(i));
            } catch (UndecodableException e) {
                LOG.atWarn()
                        .addKeyValue("partition", in.partition(i))
                        .addKeyValue("offset", in.offset(i))
                        .addKeyValue("reason", e.getMessage())
                        .log("A ledger entry cannot be read");
                continue;
            }
            if (entry.kind() == Kind.DELIVERED) {
                delivered
                        .computeIfAbsent(new Delivered(entry.stage(), entry.topic()), what -> new LongAdder())
                        .add(entry.count());
                continue;
            }
            sums.computeIfAbsent(new Account(entry.origin().adapterId(), entry.kind()), account -> new LongAdder())
                    .add(entry.count());
            if (!entry.reason().isEmpty()) {
                lost.computeIfAbsent(new Lost(entry.origin().adapterId(), entry.reason()), what -> new LongAdder())
                        .add(entry.count());
            }
            if (entry.kind() == Kind.SEQUENCE_GAP) {
                gap(entry);
            }
        }
    }

    private void gap(Ledger entry) {
        gaps.increment();
        String missing = entry.count() == 1
                ? "sequence %d is missing".formatted(entry.first())
                : "sequences %d to %d are missing".formatted(entry.first(), entry.last());
        noticed = new Noticed(
                clock.instant(),
                "Adapter '%s', epoch %d, asset '%s': %s from telemetry.raw, found at %s. See docs/concepts/ledger.md."
                        .formatted(
                                entry.origin().adapterId(),
                                entry.origin().epoch(),
                                entry.assetId(),
                                missing,
                                entry.minute()));
        LOG.atWarn()
                .addKeyValue("adapter", entry.origin().adapterId())
                .addKeyValue("epoch", entry.origin().epoch())
                .addKeyValue("asset", entry.assetId())
                .addKeyValue("from", entry.first())
                .addKeyValue("to", entry.last())
                .addKeyValue("minute", entry.minute())
                .log("A gap in the sequence of telemetry.raw");
    }
}
