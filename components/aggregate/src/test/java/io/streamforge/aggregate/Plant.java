package io.streamforge.aggregate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** One partition of a topic, an aggregator that reads it, and a clock that stands until it is moved. */
final class Plant {

    static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    static final Origin ORIGIN = new Origin("gw-1", "press-07", "opcua-source@1", 7, 3);

    private final TestRegistry registry = new TestRegistry();
    private final int readingId = registry.idFor("telemetry.clean", Schemas.READING);
    private final int aggregateId = registry.idFor("telemetry.1s", Schemas.AGGREGATE);
    private final int deadLetterId = registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER);
    private final ReadingCodec codec = new ReadingCodec(readingId);
    private final Settings settings;
    final Decoder decoder = new Decoder(registry);
    final List<byte[]> topic = new ArrayList<>();
    final List<Aggregate> given = new ArrayList<>();
    final List<byte[]> givenBytes = new ArrayList<>();
    Instant now = START;
    private Aggregator aggregator;
    private int next;
    private Batch.@Nullable Note committed;
    private boolean fresh = true;

    Plant(Settings settings) {
        this.settings = settings;
        this.aggregator = newAggregator();
    }

    static Settings seconds(int resolution, int lateness, int held) {
        return new Settings(
                "aggregate.test",
                "gw-1",
                Duration.ofSeconds(resolution),
                Duration.ofSeconds(lateness),
                Duration.ofSeconds(held),
                Quality.UNCERTAIN);
    }

    Plant write(Reading reading) {
        topic.add(codec.encode(reading));
        return this;
    }

    /** A GOOD reading of press-07/temperature whose device and gateway agree on the time. */
    Plant write(long millis, double value) {
        return write(reading("temperature", new Value.Real(value), Quality.GOOD, millis, millis, topic.size()));
    }

    /** Reads everything that is in the topic as one batch and commits. */
    Aggregator.Outcome read() {
        return read(topic.size() - next);
    }

    Aggregator.Outcome read(int records) {
        Batch in = batch(next, next + records, false);
        next += records;
        Aggregator.Outcome outcome = aggregator.aggregate(in);
        for (int i = 0; i < outcome.aggregates().size(); i++) {
            given.add(decoder.aggregate(outcome.aggregates().value(i)));
            givenBytes.add(outcome.aggregates().value(i));
        }
        committed = in.notes().get(0);
        return outcome;
    }

    /** Nothing more comes. */
    void end() {
        Batch last = Batch.last("telemetry.clean", "t1", List.of());
        Aggregator.Outcome outcome = aggregator.aggregate(last);
        for (int i = 0; i < outcome.aggregates().size(); i++) {
            given.add(decoder.aggregate(outcome.aggregates().value(i)));
        }
        committed = last.notes().get(0);
    }

    /** Reads records and ends before they are committed: what was given out is aborted with the transaction. */
    void die(int records, int warmUpBatch) {
        aggregator.aggregate(batch(next, next + records, false));
        restart(warmUpBatch);
    }

    /** A new process takes the partition over after the last commit. */
    void restart(int warmUpBatch) {
        aggregator = newAggregator();
        comeBack(warmUpBatch);
    }

    /** The partition was elsewhere for a while and comes back, to the same process or to a new one. */
    void comeBack(int warmUpBatch) {
        fresh = true;
        for (int from = (int) warmOffset(); from < next; from += warmUpBatch) {
            Aggregator.Outcome outcome = aggregator.aggregate(batch(from, Math.min(from + warmUpBatch, next), true));
            if (outcome.aggregates().size() + outcome.dead().size() > 0) {
                throw new AssertionError("Something was given out during warm-up.");
            }
        }
    }

    /** Records of the topic in a batch of their own, as if they stood in this partition. */
    Aggregator.Outcome offer(int partition, boolean warmUp, int... offsets) {
        Batch batch = Batch.input("telemetry.clean", "t1", warmUp, List.of());
        for (int offset : offsets) {
            batch.add("press-07".getBytes(UTF_8), topic.get(offset), partition, offset);
        }
        return aggregator.aggregate(batch);
    }

    /** The finer plant's window as a gateway of before gaps and states wrote it. */
    byte[] asOfBeforeStates(Plant finer, int window) {
        finer.read();
        Schema before =
                new Schema.Parser().parse(Schemas.AGGREGATE.toString().replaceFirst(",\\{\"name\":\"gaps\".*", "]}"));
        byte[] framed = finer.givenBytes.get(window);
        int frame = 5;
        try {
            GenericRecord record = new GenericDatumReader<GenericRecord>(Schemas.AGGREGATE, before)
                    .read(null, DecoderFactory.get().binaryDecoder(framed, frame, framed.length - frame, null));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(new byte[] {0, 0, 0, 0, (byte) registry.idFor("telemetry.1s", before)});
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(before).write(record, encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int unread() {
        return topic.size() - next;
    }

    long warmOffset() {
        return committed == null ? 0 : committed.warmOffset();
    }

    int seriesCount() {
        return aggregator.seriesCount();
    }

    private Batch batch(int from, int to, boolean warmUp) {
        Batch batch = Batch.input("telemetry.clean", "t1", warmUp, fresh ? List.of(0) : List.of());
        if (fresh && committed != null) {
            batch.note(0, committed.warmOffset(), committed.watermarkMicros());
        }
        fresh = false;
        for (int i = from; i < to; i++) {
            batch.add("press-07".getBytes(UTF_8), topic.get(i), 0, i);
        }
        return batch;
    }

    private Aggregator newAggregator() {
        return new Aggregator(settings, decoder, readingId, aggregateId, deadLetterId, new Clock() {
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
        });
    }

    /** Both times in milliseconds since START. */
    static Reading reading(
            String parameter,
            @Nullable Value value,
            Quality quality,
            long deviceMillis,
            long gatewayMillis,
            long sequence) {
        return new Reading(
                value,
                quality,
                "press-07",
                parameter,
                "Cel",
                Classification.TELEMETRY,
                START.plusMillis(deviceMillis),
                START.plusMillis(gatewayMillis),
                TimeSource.DEVICE,
                gatewayMillis - deviceMillis,
                quality == Quality.GOOD ? null : "test",
                sequence,
                ORIGIN);
    }
}
