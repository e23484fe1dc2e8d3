package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.backbone.BackboneTopics;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import io.streamforge.routes.runtime.StreamReader;
import io.streamforge.routes.uplink.Command.ReadHistory;
import io.streamforge.routes.uplink.Command.Tag;
import io.streamforge.routes.uplink.Command.WatchTags;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console shows of a gateway's stream, against a real one. */
class LiveDataIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    private final EmbeddedBroker broker;
    private final SchemaRegistry registry;
    private final StreamReader stream;
    private final KafkaProducer<byte[], byte[]> producer;
    private long sequence;

    LiveDataIT(@TempDir Path folder) {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0, 0, 0);
        BackboneTopics.ensure(broker.bootstrapServers(), 3, LIMIT);
        registry =
                new ConfluentSchemaRegistry(List.of(URI.create(broker.registryUrl())), folder.resolve("schemas.json"));
        stream = new StreamReader(broker.bootstrapServers());
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close();
        broker.close();
    }

    @Test
    void postsTheLatestValueOfAWatchedTagAndNothingElse() {
        List<TagValue> posted = new CopyOnWriteArrayList<>();
        try (TagWatch watch =
                new TagWatch(stream, registry, (id, values) -> posted.addAll(values), Clock.systemUTC())) {
            watch.watch(new WatchTags("w-1", List.of(new Tag("press-07", "temperature")), LIMIT));

            await().atMost(LIMIT).until(() -> {
                send("press-07", "pressure", 7);
                send("press-07", "temperature", 24.1);
                return !posted.isEmpty();
            });
        }

        assertThat(posted).allSatisfy(value -> {
            assertThat(value.assetId()).isEqualTo("press-07");
            assertThat(value.parameter()).isEqualTo("temperature");
            assertThat(value.value()).isEqualTo(24.1);
            assertThat(value.unit()).isEqualTo("Cel");
            assertThat(value.quality()).isEqualTo(Quality.GOOD);
        });
    }

    @Test
    void aTagThatIsSilentShowsItsLastValueToWhoBeginsToWatch() {
        List<TagValue> posted = new CopyOnWriteArrayList<>();
        send("press-07", "set-point", 10);
        send("press-07", "set-point", 11);
        // further back than the first step
        for (int i = 0; i < 1500; i++) {
            send("press-07", "temperature", i);
        }
        producer.flush();

        try (TagWatch watch =
                new TagWatch(stream, registry, (id, values) -> posted.addAll(values), Clock.systemUTC(), LIMIT)) {
            watch.watch(new WatchTags(
                    "w-1", List.of(new Tag("press-07", "temperature"), new Tag("press-99", "none")), LIMIT));
            await().atMost(LIMIT).until(() -> !posted.isEmpty());
            assertThat(posted).extracting(TagValue::value).containsExactly(1499.0);

            watch.watch(new WatchTags(
                    "w-1", List.of(new Tag("press-07", "temperature"), new Tag("press-07", "set-point")), LIMIT));
            await().atMost(LIMIT).until(() -> posted.size() > 1);
            assertThat(posted).extracting(TagValue::value).containsExactly(1499.0, 11.0);
        }
    }

    @Test
    void readsOneTagsPastInAFewPoints() {
        for (int i = 0; i < 300; i++) {
            send("press-07", "temperature", i);
            send("press-08", "temperature", -1);
        }
        producer.flush();

        History.Result result = new History(stream, registry)
                .read(new ReadHistory(new Tag("press-07", "temperature"), START, START.plusSeconds(400), 10));

        assertThat(result.topic()).isEqualTo("telemetry.clean");
        assertThat(result.complete()).isTrue();
        assertThat(result.unit()).isEqualTo("Cel");
        assertThat(result.points()).hasSizeBetween(7, 10);
        assertThat(result.points().get(0).min()).isEqualTo(0.0);
        assertThat(result.points().get(result.points().size() - 1).max()).isEqualTo(299.0);
        assertThat(new History(stream, registry)
                        .read(new ReadHistory(new Tag("press-99", "x"), START, START.plusSeconds(400), 10))
                        .points())
                .isEmpty();
    }

    private void send(String asset, String parameter, double value) {
        Sample sample = new Sample(
                null,
                parameter,
                new Value.Real(value),
                "Cel",
                Classification.TELEMETRY,
                Quality.GOOD,
                null,
                null,
                START.plusMillis(500 * sequence));
        ReadingCodec codec = new ReadingCodec(registry.idFor("telemetry.clean", Schemas.READING));
        byte[] framed = codec.encode(sample, asset, new Origin("gw", "a", "test@1", 1, 1), sequence++);
        producer.send(new ProducerRecord<>("telemetry.clean", asset.getBytes(StandardCharsets.UTF_8), framed));
    }
}
