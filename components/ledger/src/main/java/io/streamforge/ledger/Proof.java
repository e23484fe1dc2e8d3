package io.streamforge.ledger;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.ReadingView;
import io.streamforge.model.SeriesMap;
import io.streamforge.model.UndecodableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up every record of the stream below one cut: what validation has read, and what came of exactly that. It counts records, not what
 * the ledger's stage says about them; only what made no record of its own stands nowhere else than in the ledger.
 *
 * <p>First {@link #raw} for all of {@code telemetry.raw} below the cut, then the others in any order.
 */
final class Proof {

    /**
     * A series in a minute; without names where the records cannot be read.
     *
     * @param minute microseconds since the epoch
     */
    record Cell(String gateway, String adapter, String asset, String parameter, long minute) {

        static final Comparator<Cell> ORDER = Comparator.comparing(Cell::gateway)
                .thenComparing(Cell::adapter)
                .thenComparing(Cell::asset)
                .thenComparing(Cell::parameter)
                .thenComparing(Cell::minute);

        private static final Cell UNREADABLE = new Cell("", "", "", "", 0);

        Instant at() {
            return Instant.EPOCH.plus(minute, ChronoUnit.MICROS);
        }
    }

    /** Who counts sequences. */
    record Sender(String gateway, String adapter) {

        static final Comparator<Sender> ORDER =
                Comparator.comparing(Sender::gateway).thenComparing(Sender::adapter);
    }

    /** Numbers that are missing in {@code telemetry.raw}. */
    record Gap(Sender sender, long epoch, String asset, long first, long last, Instant minute) {}

    private static final class Last {
        long epoch;
        long sequence;
        final Map<Long, Long> before = new HashMap<>();
    }

    private final Decoder decoder;
    private final ReadingView view;
    private final long from;
    private final long to;
    private final Map<Cell, Sums> cells = new HashMap<>();
    private final Map<Sender, Map<String, Long>> losses = new HashMap<>();
    private final Map<Integer, Sequences> sequences = new HashMap<>();
    private final SeriesMap<Last> cut = new SeriesMap<>();
    private final List<Gap> gaps = new ArrayList<>();

    /**
     * @param from minutes from this one on are proved, microseconds since the epoch
     * @param to minutes before this one are proved
     */
    Proof(Decoder decoder, int readingSchemaId, long from, long to) {
        this.decoder = decoder;
        this.view = new ReadingView(readingSchemaId);
        this.from = from;
        this.to = to;
    }

    /** @param fromTheBeginning whether nothing of this partition was deleted before */
    void raw(int partition, long offset, byte @Nullable [] value, boolean fromTheBeginning) {
        if (!look(value)) {
            add(Cell.UNREADABLE, Kind.READ, 1);
            return;
        }
        Sequences follower =
                sequences.computeIfAbsent(partition, number -> new Sequences(Long.MAX_VALUE, fromTheBeginning));
        boolean isNew = follower.follow(view, offset, false);
        remember();
        Cell cell = cell();
        add(cell, Kind.READ, 1);
        if (!isNew) {
            add(cell, Kind.REPEATED, 1);
        }
    }

    /** A record of {@code telemetry.reprocess} below the cut. */
    void reprocessed(byte @Nullable [] value) {
        add(look(value) ? cell() : Cell.UNREADABLE, Kind.REPROCESSED, 1);
    }

    /** A record of {@code telemetry.clean}; what came of readings beyond the cut is left out. */
    void clean(byte @Nullable [] value) {
        if (!look(value)) {
            add(Cell.UNREADABLE, Kind.CLEAN, 1);
            return;
        }
        Kind fate = Fate.ofClean(view);
        if (fate != Kind.APPROVED && isBeyondTheCut()) {
            return;
        }
        Cell cell = cell();
        add(cell, Kind.CLEAN, 1);
        if (fate != Kind.CLEAN) {
            add(cell, fate, 1);
        }
    }

    /** A record of {@code dlq.telemetry}. */
    void dead(DeadLetter letter) {
        byte[] payload = new byte[letter.payload().remaining()];
        letter.payload().duplicate().get(payload);
        add(look(payload) ? cell() : Cell.UNREADABLE, Kind.DEAD, 1);
    }

    /** An entry of {@code audit.ledger} about what stands nowhere else. */
    void stated(Ledger entry) {
        long minute = ChronoUnit.MICROS.between(Instant.EPOCH, entry.minute());
        Sender sender = new Sender(entry.origin().gatewayId(), entry.origin().adapterId());
        add(
                new Cell(sender.gateway, sender.adapter, entry.assetId(), entry.parameter(), minute),
                entry.kind(),
                entry.count());
        if (!entry.reason().isEmpty() && minute >= from && minute < to) {
            losses.computeIfAbsent(sender, id -> new TreeMap<>()).merge(entry.reason(), entry.count(), Long::sum);
        }
    }

    /** What a source lost, by reason. */
    Map<String, Long> losses(Sender sender) {
        return losses.getOrDefault(sender, Map.of());
    }

    /** The sums per adapter. */
    Map<Sender, Sums> adapters() {
        Map<Sender, Sums> adapters = new TreeMap<>(Sender.ORDER);
        cells.forEach((cell, sums) -> adapters.merge(new Sender(cell.gateway, cell.adapter), sums, Sums::plus));
        return adapters;
    }

    /** Every series and minute whose sums do not balance. */
    Map<Cell, Sums> unbalanced() {
        Map<Cell, Sums> unbalanced = new TreeMap<>(Cell.ORDER);
        cells.forEach((cell, sums) -> {
            if (sums.missing() != 0) {
                unbalanced.put(cell, sums);
            }
        });
        return unbalanced;
    }

    List<Gap> gaps() {
        for (Sequences follower : sequences.values()) {
            for (Sequences.Gap gap : follower.takeGaps()) {
                if (gap.minute >= from && gap.minute < to) {
                    gaps.add(new Gap(
                            new Sender(gap.origin.gatewayId(), gap.origin.adapterId()),
                            gap.origin.epoch(),
                            gap.asset,
                            gap.first,
                            gap.last,
                            Instant.EPOCH.plus(gap.minute, ChronoUnit.MICROS)));
                }
            }
        }
        return List.copyOf(gaps);
    }

    private void remember() {
        byte[] bytes = view.bytes();
        Last last = cut.get(
                bytes,
                view.assetOffset(),
                view.assetLength(),
                view.originOffset(),
                view.adapterEnd() - view.originOffset());
        if (last == null) {
            last = new Last();
            last.epoch = view.epoch();
            last.sequence = view.sequence();
            cut.put(
                    Arrays.copyOfRange(bytes, view.assetOffset(), view.assetOffset() + view.assetLength()),
                    Fate.sender(view),
                    last);
        } else if (view.epoch() > last.epoch) {
            last.before.put(last.epoch, last.sequence);
            last.epoch = view.epoch();
            last.sequence = view.sequence();
        } else if (view.epoch() == last.epoch) {
            last.sequence = Math.max(last.sequence, view.sequence());
        } else {
            last.before.merge(view.epoch(), view.sequence(), Math::max);
        }
    }

    private boolean isBeyondTheCut() {
        byte[] bytes = view.bytes();
        Last last = cut.get(
                bytes,
                view.assetOffset(),
                view.assetLength(),
                view.originOffset(),
                view.adapterEnd() - view.originOffset());
        if (last == null) {
            return true;
        }
        Long highest = view.epoch() == last.epoch ? Long.valueOf(last.sequence) : last.before.get(view.epoch());
        return highest == null || view.sequence() > highest;
    }

    private Cell cell() {
        return new Cell(
                view.gatewayId(),
                view.adapterId(),
                view.assetId(),
                view.parameter(),
                Fate.minute(view.gatewayTimeMicros()));
    }

    private void add(Cell cell, Kind kind, long count) {
        // What has no time can only be proved where everything is.
        if (cell == Cell.UNREADABLE ? from <= 0 : cell.minute >= from && cell.minute < to) {
            cells.merge(cell, Sums.NONE.plus(kind, count), Sums::plus);
        }
    }

    private boolean look(byte @Nullable [] value) {
        if (value == null) {
            return false;
        }
        try {
            if (!view.wrap(value)) {
                view.wrapResolved(decoder, value);
            }
            return true;
        } catch (UndecodableException e) {
            return false;
        }
    }
}
