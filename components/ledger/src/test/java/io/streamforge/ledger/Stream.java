package io.streamforge.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Frame;
import io.streamforge.model.Ledger;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One partition of each topic, a bookkeeper that reads them as the backbone would let it, and a clock that stands until it is moved. */
final class Stream {

    static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    static final Duration INTERVAL = Duration.ofSeconds(20);
    static final Duration HORIZON = Duration.ofHours(1);

    private static final class Reader {
        int next;
        int committed;
        Batch.@Nullable Note note;
        Batch.@Nullable Note committedNote;
        boolean fresh = true;
    }

    private final TestRegistry registry = new TestRegistry();
    private final int readingId = registry.idFor(Topics.RAW, Schemas.READING);
    private final int ledgerId = registry.idFor(Topics.LEDGER, Schemas.LEDGER);
    private final ReadingCodec codec = new ReadingCodec(readingId);
    private final DeadLetterCodec letters = new DeadLetterCodec(registry.idFor(Topics.DEAD, Schemas.DEAD_LETTER));
    private final Decoder decoder = new Decoder(registry);
    private final Map<String, List<byte[]>> topics = new HashMap<>();
    private final Map<String, Reader> readers = new HashMap<>();
    private final List<Ledger> written = new ArrayList<>();
    private Bookkeeper bookkeeper = newBookkeeper();
    /** What was written and committed. */
    final List<Ledger> ledger = new ArrayList<>();

    Instant now = START;

    static Reading reading(String adapter, long epoch, String asset, String parameter, long sequence, long millis) {
        return new Reading(
                new Value.Real(1),
                Quality.GOOD,
                asset,
                parameter,
                "",
                Classification.TELEMETRY,
                null,
                START.plusMillis(millis),
                TimeSource.GATEWAY,
                null,
                null,
                sequence,
                new Origin("gw-1", adapter, "m@1", 7, epoch));
    }

    static Reading reading(long sequence, long millis) {
        return reading("press-07", 3, "press-07", "temperature", sequence, millis);
    }

    static Reading judged(Reading reading, @Nullable Value value, Quality quality, String reason) {
        return new Reading(
                value,
                quality,
                reading.assetId(),
                reading.parameter(),
                reading.unit(),
                reading.classification(),
                reading.deviceTime(),
                reading.gatewayTime(),
                reading.timeSource(),
                reading.clockSkewMs(),
                reason,
                reading.sequence(),
                reading.origin());
    }

    byte[] bytes(Reading reading) {
        return codec.encode(reading);
    }

    /** Returns the record's offset. */
    int write(String topic, byte[] value) {
        List<byte[]> records = topics.computeIfAbsent(topic, name -> new ArrayList<>());
        records.add(value);
        return records.size() - 1;
    }

    int write(String topic, Reading reading) {
        return write(topic, bytes(reading));
    }

    void refuse(String topic, String sourceTopic, int offset, byte[] payload, String stage) {
        write(
                topic,
                letters.encode(new DeadLetter(
                        sourceTopic + "-0-" + offset,
                        sourceTopic,
                        0,
                        offset,
                        stage,
                        "RANGE",
                        "too hot",
                        now,
                        Frame.schemaIdOrNull(payload),
                        ByteBuffer.wrap(payload),
                        1,
                        Origin.of("gw-1"))));
    }

    int unread(String topic) {
        return topics.getOrDefault(topic, List.of()).size() - reader(topic).next;
    }

    private Reader reader(String topic) {
        return readers.computeIfAbsent(topic, name -> new Reader());
    }

    void read(String topic, int records) {
        Reader reader = reader(topic);
        deliver(topic, reader, reader.next, reader.next + records, false);
        reader.next += records;
    }

    /** Reads all there is, waits until everything is due, and commits. */
    void settle() {
        for (String topic : Topics.COUNTED) {
            read(topic, unread(topic));
        }
        now = now.plus(INTERVAL);
        for (String topic : readers.keySet()) {
            read(topic, 0);
        }
        commit();
    }

    void commit() {
        ledger.addAll(written);
        written.clear();
        readers.values().forEach(reader -> {
            reader.committed = reader.next;
            reader.committedNote = reader.note;
        });
    }

    /** The transaction is aborted: everything goes back to the last commit. */
    void abort(int warmUpBatch) {
        written.clear();
        readers.forEach((topic, reader) -> {
            reader.next = reader.committed;
            reader.note = reader.committedNote;
            reader.fresh = true;
            int from = reader.note == null ? reader.next : Math.toIntExact(reader.note.warmOffset());
            for (int at = from; at < reader.next; at += warmUpBatch) {
                deliver(topic, reader, at, Math.min(at + warmUpBatch, reader.next), true);
            }
        });
    }

    /** The process is killed and another takes over. */
    void kill(int warmUpBatch) {
        bookkeeper = newBookkeeper();
        abort(warmUpBatch);
    }

    private void deliver(String topic, Reader reader, int from, int to, boolean warmUp) {
        Batch in = Batch.input(topic, "t1", warmUp, reader.fresh ? List.of(0) : List.of());
        if (reader.fresh && reader.note != null) {
            in.note(0, reader.note.warmOffset(), reader.note.watermarkMicros());
        }
        reader.fresh = false;
        List<byte[]> records = topics.getOrDefault(topic, List.of());
        for (int i = from; i < to; i++) {
            in.add("press-07".getBytes(UTF_8), records.get(i), 0, i);
        }
        Batch out = bookkeeper.count(in);
        for (int i = 0; i < out.size(); i++) {
            if (warmUp) {
                throw new AssertionError("Something was written during warm-up.");
            }
            written.add(decoder.ledger(out.value(i)));
        }
        if (!warmUp && in.notes().containsKey(0)) {
            reader.note = in.notes().get(0);
        }
    }

    private Bookkeeper newBookkeeper() {
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return new Bookkeeper(
                new Settings("ledger.gateway", "gw-1", INTERVAL, HORIZON), decoder, readingId, ledgerId, clock);
    }
}
