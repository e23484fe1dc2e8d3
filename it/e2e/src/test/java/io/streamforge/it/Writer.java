package io.streamforge.it;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Load from outside: writes readings to {@code telemetry.raw} and keeps its own log of what the stream has acknowledged, which is the truth of the test. */
final class Writer implements AutoCloseable {

    private static final Origin ORIGIN = new Origin("gw-writer", "writer", "test@1", 1, 1);
    static final int ASSETS = 24;

    private final KafkaProducer<byte[], byte[]> producer;
    private final ReadingCodec codec;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "writer");
    private volatile boolean running = true;
    private volatile long next;
    private long twins;

    Writer(String bootstrap, String registry, Path directory) {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "linger.ms", 5,
                        "delivery.timeout.ms", 300_000,
                        "max.block.ms", 300_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        codec = new ReadingCodec(
                new ConfluentSchemaRegistry(List.of(URI.create(registry)), directory.resolve("writer-schemas.json"))
                        .idFor("telemetry.raw", Schemas.READING));
    }

    Writer start() {
        thread.start();
        return this;
    }

    /** One reading of an asset of its own, so that the sink makes its tables before the load begins. */
    Writer first() {
        write("first", 0);
        producer.flush();
        return this;
    }

    private void run() {
        for (long sequence = 0; running; sequence++) {
            for (int number = 0; number < ASSETS; number++) {
                write("asset-" + number, sequence);
            }
            next = sequence + 1;
            LockSupport.parkNanos(10_000_000);
        }
        producer.flush();
    }

    private void write(String asset, long sequence) {
        write(asset, sequence, null);
    }

    /** The same value whenever there is a device time. */
    private void write(String asset, long sequence, @Nullable Instant deviceTime) {
        String identity = asset + "/" + sequence;
        Sample sample = new Sample(
                null,
                "count",
                new Value.Whole(deviceTime == null ? sequence : 1),
                "1",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                deviceTime,
                Instant.now());
        producer.send(
                new ProducerRecord<>(
                        "telemetry.raw",
                        asset.getBytes(StandardCharsets.UTF_8),
                        codec.encode(sample, asset, ORIGIN, sequence)),
                (written, failure) -> {
                    if (failure == null) {
                        acknowledged.add(identity);
                    }
                });
    }

    /** Two readings of an asset of its own with one value and one device time. */
    void twins() {
        Instant deviceTime = Instant.now();
        write("twin", twins++, deviceTime);
        write("twin", twins++, deviceTime);
        producer.flush();
    }

    /** The first asset's last number once more. */
    void repeat() {
        write("asset-0", next - 1);
        producer.flush();
    }

    /** One more reading of the first asset, with a number left out before it, which is answered. */
    long leaveOneOut() {
        write("asset-0", next + 1);
        producer.flush();
        return next;
    }

    /** So many readings of each of as many assets that were silent before. */
    void more(int readings) {
        for (int i = 0; i < readings; i++) {
            for (int number = 0; number < ASSETS; number++) {
                write("later-" + number, i);
            }
        }
        producer.flush();
    }

    /** A record that nobody can read. */
    void rubbish() {
        producer.send(new ProducerRecord<>(
                "telemetry.raw", "asset-0".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}));
        producer.flush();
    }

    /** How many the stream has acknowledged by now. */
    int count() {
        return acknowledged.size();
    }

    /** Ends the load and gives the identities ({@code asset/sequence}) of all that was acknowledged. */
    Set<String> finish() {
        running = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Set.copyOf(acknowledged);
    }

    @Override
    public void close() {
        running = false;
        producer.close();
    }
}
