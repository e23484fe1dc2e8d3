package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingView;
import io.streamforge.model.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of each reading, from the topics it passed, and follows the sequences of the adapters.
 *
 * <p>Each partition of each topic is counted by itself: no count waits for another topic. What was counted is written as an addition, in one
 * transaction with the offsets; what is not written yet is counted again after a restart, from the offset that the commit's note remembers.
 */
public final class Bookkeeper {

    /** How long a missing number may still come before it is called missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final byte[] NO_BYTES = {};

    private final Settings settings;
    private final Decoder decoder;
    private final LedgerCodec codec;
    private final Clock clock;
    private final ReadingView view;
    private final Map<String, Map<Integer, Page>> pages = new HashMap<>();

    /** One partition of one topic. */
    private final class Page {
        final Tallies tallies = new Tallies();
        final Sequences sequences = new Sequences(settings.horizon().toNanos() / 1_000, false);
        /** Below this offset everything was written before. */
        long writtenTo = -1;

        long next;
        Instant dueAt = Instant.MAX;
    }

    /**
     * @param readingSchemaId the registry's id of {@link io.streamforge.model.Schemas#READING}
     * @param ledgerSchemaId the registry's id of {@link io.streamforge.model.Schemas#LEDGER}
     * @param clock only decides when counts are written
     */
    Bookkeeper(Settings settings, Decoder decoder, int readingSchemaId, int ledgerSchemaId, Clock clock) {
        this.settings = settings;
        this.decoder = decoder;
        this.codec = new LedgerCodec(ledgerSchemaId);
        this.clock = clock;
        this.view = new ReadingView(readingSchemaId);
    }

    /**
     * Counts a batch; an empty one is a tick of the clock.
     *
     * @return the entries that are due
     * @throws io.streamforge.model.SchemaRegistry.RegistryUnavailableException if a record's schema cannot be had now
     */
    Batch count(Batch in) {
        Map<Integer, Page> own = pages.computeIfAbsent(in.topic(), topic -> new HashMap<>());
        Map<Integer, Batch.Note> notes = in.notes();
        for (int partition : in.forgotten()) {
            own.remove(partition);
            Batch.Note note = notes.get(partition);
            if (note != null) {
                Page page = new Page();
                // The ledger has no watermark; the note's second number is how far the counts were written.
                page.writtenTo = note.watermarkMicros();
                own.put(partition, page);
            }
        }
        for (int i = 0; i < in.size(); i++) {
            Page page = own.computeIfAbsent(in.partition(i), partition -> new Page());
            if (page.writtenTo < 0) {
                page.writtenTo = in.offset(i);
                in.note(in.partition(i), page.writtenTo, page.writtenTo);
            }
            count(in, i, page);
            page.next = in.offset(i) + 1;
        }
        Batch out = Batch.output();
        if (!in.warmUp()) {
            Instant now = clock.instant();
            own.forEach((partition, page) -> {
                if (isDue(page, now)) {
                    write(page, out, partition);
                    in.note(partition, page.sequences.warmOffset(page.next), page.next);
                }
            });
        }
        return out;
    }

    private void count(Batch in, int i, Page page) {
        long offset = in.offset(i);
        boolean written = offset < page.writtenTo;
        byte[] value = in.value(i);
        switch (in.topic()) {
            case Topics.RAW -> {
                if (!look(value)) {
                    addUnreadable(page, Kind.READ, written, offset);
                } else {
                    boolean isNew = page.sequences.follow(view, offset, written);
                    if (!written) {
                        page.tallies.add(Kind.READ, settings.stage(), view, offset);
                        if (!isNew) {
                            page.tallies.add(Kind.REPEATED, settings.stage(), view, offset);
                        }
                    }
                }
            }
            case Topics.REPROCESS -> {
                if (!look(value)) {
                    addUnreadable(page, Kind.REPROCESSED, written, offset);
                } else if (!written) {
                    page.tallies.add(Kind.REPROCESSED, settings.stage(), view, offset);
                }
            }
            case Topics.CLEAN -> {
                if (!look(value)) {
                    addUnreadable(page, Kind.CLEAN, written, offset);
                } else if (!written) {
                    page.tallies.add(Kind.CLEAN, settings.stage(), view, offset);
                    Kind fate = Fate.ofClean(view);
                    if (fate != Kind.CLEAN) {
                        page.tallies.add(fate, settings.stage(), view, offset);
                    }
                }
            }
            case Topics.DEAD, Topics.SINK_DEAD -> {
                if (!written) {
                    countLetter(in, i, page);
                }
            }
            default ->
                throw new IllegalArgumentException("Ledger '%s': topic must be one of %s, got '%s'."
                        .formatted(settings.stage(), Topics.COUNTED, in.topic()));
        }
    }

    private void countLetter(Batch in, int i, Page page) {
        Kind kind = in.topic().equals(Topics.DEAD) ? Kind.DEAD : Kind.SINK_DEAD;
        DeadLetter letter;
        try {
            letter = decoder.deadLetter(in.value(i));
        } catch (UndecodableException e) {
            // Nobody's dead letter: the proof of the sums names it.
            return;
        }
        if (kind == Kind.DEAD && !Fate.byValidation(letter)) {
            return;
        }
        byte[] payload = new byte[letter.payload().remaining()];
        letter.payload().duplicate().get(payload);
        if (look(payload)) {
            page.tallies.add(kind, letter.stage(), view, in.offset(i));
        } else {
            page.tallies.addUnreadable(kind, letter.stage(), Origin.of(settings.gatewayId()), in.offset(i));
        }
    }

    private void addUnreadable(Page page, Kind kind, boolean written, long offset) {
        if (!written) {
            page.tallies.addUnreadable(kind, settings.stage(), Origin.of(settings.gatewayId()), offset);
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

    /** Whether counts wait for long enough; a gap is not left waiting for the other counts. */
    private boolean isDue(Page page, Instant now) {
        if (page.dueAt.equals(Instant.MAX) && !page.tallies.isEmpty()) {
            page.dueAt = now.plus(settings.interval());
        }
        if (page.sequences.hasGaps() && page.dueAt.isAfter(now.plus(PATIENCE))) {
            page.dueAt = now.plus(PATIENCE);
        }
        return !page.dueAt.isAfter(now);
    }

    private void write(Page page, Batch out, int partition) {
        for (Ledger entry : page.tallies.take()) {
            add(entry, out, partition, page.next);
        }
        for (Sequences.Gap gap : page.sequences.takeGaps()) {
            Ledger entry = Tallies.entry(
                    Kind.SEQUENCE_GAP,
                    settings.stage(),
                    gap.asset,
                    "",
                    gap.minute,
                    gap.last - gap.first + 1,
                    gap.first,
                    gap.last,
                    gap.origin);
            add(entry, out, partition, page.next);
        }
        page.writtenTo = page.next;
        page.dueAt = Instant.MAX;
    }

    private void add(Ledger entry, Batch out, int partition, long offset) {
        byte[] key = entry.assetId().isEmpty() ? NO_BYTES : entry.assetId().getBytes(StandardCharsets.UTF_8);
        out.add(key, codec.encode(entry), partition, offset);
    }
}
