package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Origin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/**
 * States what a sink's system has accepted, as additions to the ledger, in the transaction of the sink's offsets. What is not stated yet is
 * kept in the commit's note: from which offset, and how many. So neither a restart nor another process loses or doubles any of it.
 */
final class Deliveries {

    private static final byte[] NO_KEY = {};

    private final Origin origin;
    private final Duration interval;
    private final LedgerCodec codec;
    private final Clock clock;
    private final Map<String, Map<Integer, Page>> pages = new HashMap<>();

    /** One partition of one topic. */
    private static final class Page {
        /** The lowest offset that is not stated yet. */
        long first;
        /** The offset after the last one known; below {@link #first} while nothing came since a restart. */
        long next;

        long accepted;
        Instant dueAt = Instant.MAX;

        Page(long first) {
            this.first = first;
        }
    }

    /**
     * @param interval how long counts may wait before they are stated
     * @param ledgerSchemaId the registry's id of {@link io.streamforge.model.Schemas#LEDGER}
     */
    Deliveries(String gatewayId, Duration interval, int ledgerSchemaId, Clock clock) {
        this.origin = Origin.of(gatewayId);
        this.interval = interval;
        this.codec = new LedgerCodec(ledgerSchemaId);
        this.clock = clock;
    }

    /**
     * Counts what the sink's system has accepted of a batch; an empty one is a tick of the clock.
     *
     * @param sink the route's id
     * @return the entries that are due
     */
    Batch count(String sink, Batch in) {
        Map<Integer, Page> own = pages.computeIfAbsent(in.topic(), topic -> new HashMap<>());
        Map<Integer, Batch.Note> notes = in.notes();
        for (int partition : in.forgotten()) {
            own.remove(partition);
            Batch.Note note = notes.get(partition);
            if (note != null) {
                Page page = new Page(note.warmOffset());
                // A sink has no watermark; the note's second number is the count.
                page.accepted = note.watermarkMicros();
                own.put(partition, page);
            }
        }
        for (int i = 0; i < in.size(); i++) {
            long offset = in.offset(i);
            own.computeIfAbsent(in.partition(i), partition -> new Page(offset)).next = offset + 1;
        }
        in.accepted()
                .forEach((partition, records) -> own.computeIfPresent(partition, (id, page) -> {
                    page.accepted += records;
                    return page;
                }));
        Batch out = Batch.output();
        Instant now = clock.instant();
        own.forEach((partition, page) -> {
            if (page.next > page.first) {
                if (page.dueAt.equals(Instant.MAX)) {
                    page.dueAt = now.plus(interval);
                }
                if (!page.dueAt.isAfter(now)) {
                    state(sink, in.topic(), partition, page, now, out);
                }
                in.note(partition, page.first, page.accepted);
            }
        });
        return out;
    }

    private void state(String sink, String topic, int partition, Page page, Instant now, Batch out) {
        if (page.accepted > 0) {
            Ledger entry = new Ledger(
                    Kind.DELIVERED,
                    sink,
                    "",
                    "",
                    now.truncatedTo(ChronoUnit.MINUTES),
                    page.accepted,
                    page.first,
                    page.next - 1,
                    origin,
                    topic,
                    partition,
                    "");
            out.add(NO_KEY, codec.encode(entry), partition, page.next - 1);
        }
        page.first = page.next;
        page.accepted = 0;
        page.dueAt = Instant.MAX;
    }
}
