package io.streamforge.templates;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.BackboneTopics;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.backbone.StreamConsumer;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Aggregate;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Frame;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Writers of newer and older versions, a registry that is away and ids that nobody knows, through the shipped templates. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolutionIT {

    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A later version: one more optional field, put first so that every offset moves. */
    private static final Schema NEWER = new Schema.Parser()
            .parse(Schemas.READING
                    .toString()
                    .replaceFirst(
                            "\"fields\":\\[",
                            "\"fields\":[{\"name\":\"batch_no\",\"type\":[\"null\",\"string\"],\"default\":null},"));

    /** An earlier version, from before the fields that have a default. */
    private static final Schema OLDER = new Schema.Parser()
            .parse(Schemas.READING
                    .toString()
                    .replaceFirst("\\{\"name\":\"clock_skew_ms\"[^}]*},", "")
                    .replaceFirst("\\{\"name\":\"quality_reason\"[^}]*},", ""));

    /** The same of an event. */
    private static final Schema NEWER_EVENT = new Schema.Parser()
            .parse(Schemas.EVENT
                    .toString()
                    .replaceFirst(
                            "\"fields\":\\[",
                            "\"fields\":[{\"name\":\"batch_no\",\"type\":[\"null\",\"string\"],\"default\":null},"));

    private final Path directory;
    private DefaultCamelContext context = new DefaultCamelContext();
    private final EmbeddedBroker broker;
    private final RegistryPath path;
    private final SchemaRegistry writersRegistry;
    private final Decoder decoder;
    private final KafkaProducer<byte[], byte[]> writer;
    private final EmbeddedPostgres postgres;
    private final int currentId;

    EvolutionIT(@TempDir Path directory) throws IOException {
        this.directory = directory;
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0, 0, 0);
        BackboneTopics.ensure(broker.bootstrapServers(), 2, Duration.ofSeconds(60));
        path = new RegistryPath(URI.create(broker.registryUrl()).getPort());
        writersRegistry = new ConfluentSchemaRegistry(
                List.of(URI.create(broker.registryUrl())), directory.resolve("writers-schemas.json"));
        // The older version was there first: that is the way versions come.
        writersRegistry.idFor("telemetry.raw", OLDER);
        currentId = writersRegistry.idFor("telemetry.raw", Schemas.READING);
        decoder = new Decoder(writersRegistry);
        writer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("postgres"))
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    @BeforeAll
    void start() throws Exception {
        context = new DefaultCamelContext();
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(broker.bootstrapServers());
        backbone.setGatewayId("gw-1");
        context.addComponent("backbone", backbone);
        context.getRegistry()
                .bind(
                        "schemas",
                        new ConfluentSchemaRegistry(
                                List.of(path.address()), directory.resolve("gateways-schemas.json")));
        context.getRegistry().bind("validate.telemetry.rules", new ObjectMapper().readTree("[]"));
        context.getRegistry().bind("sink.plant.password", "unused");
        Properties database = new Properties();
        database.setProperty("host", "127.0.0.1");
        database.setProperty("port", String.valueOf(postgres.getPort()));
        database.setProperty("database", "postgres");
        database.setProperty("user", "postgres");
        database.setProperty("password", "#bean:sink.plant.password");
        context.getComponent("kamelet", KameletComponent.class)
                .setRouteProperties(Map.of("sink.plant.connector", database));
        context.start();
        for (String template : List.of("validate", "aggregate", "events", "sink")) {
            Path file = Path.of("src/main/resources/route-templates/%1$s/%1$s.camel.yaml".formatted(template));
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(template + ".camel.yaml", Files.readString(file)));
        }
        add("validate.telemetry", "validate@1", Map.of());
        add("events", "events@1", Map.of());
        add(
                "aggregate.1s",
                "aggregate@1",
                Map.of("source", "telemetry.clean", "target", "telemetry.1s", "resolutionMs", "1000"));
        add(
                "sink.plant",
                "sink@1",
                Map.of(
                        "sinkId", "plant",
                        "connector", "timescaledb-sink",
                        "connectorVersion", "1",
                        "topics", "telemetry.clean,telemetry.1s"));
    }

    @AfterAll
    void stop() throws IOException {
        context.stop();
        writer.close();
        postgres.close();
        path.close();
        broker.close();
    }

    @Test
    void aNewerRecordPassesEveryStageUnharmed() {
        String asset = "press-newer";
        int newerId = writersRegistry.idFor("telemetry.raw", NEWER);
        byte[] newer = written(NEWER, newerId, reading(asset, 24.1, null, 0), "B-12");
        write(asset, newer);

        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        assertThat(read("telemetry.clean", asset)).containsExactly(newer);
        reachesTheWindowAndTheTable(asset, "24.1");
    }

    @Test
    void aNewerEventPassesItsStageUnharmed() {
        String asset = "press-event";
        int id = writersRegistry.idFor("events.raw", Schemas.EVENT);
        Event event = new Event(
                "e-1",
                asset,
                "door",
                new Value.Flag(false),
                new Value.Flag(true),
                null,
                Instant.now(),
                TimeSource.GATEWAY,
                Quality.GOOD,
                ORIGIN);
        byte[] newer = rewritten(
                Schemas.EVENT,
                new EventCodec(id).encode(event),
                NEWER_EVENT,
                writersRegistry.idFor("events.raw", NEWER_EVENT),
                "B-12");
        writer.send(new ProducerRecord<>("events.raw", asset.getBytes(UTF_8), newer));
        writer.flush();

        await().atMost(PATIENCE).until(() -> !read("events.clean", asset).isEmpty());
        assertThat(read("events.clean", asset)).containsExactly(newer);
        assertThat(read("dlq.events", asset)).isEmpty();
        assertThat(decoder.event(newer).newState()).isEqualTo(new Value.Flag(true));
    }

    @Test
    void aNewVerdictOnANewerRecordKeepsItsWritersSchemaAndWhatOnlyThatKnows() {
        String asset = "press-skewed";
        int newerId = writersRegistry.idFor("telemetry.raw", NEWER);
        Instant now = Instant.now();
        Reading behind = new Reading(
                new Value.Real(24.1),
                Quality.GOOD,
                asset,
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                now.minusMillis(250),
                now,
                TimeSource.DEVICE,
                null,
                null,
                0,
                ORIGIN);
        write(asset, written(NEWER, newerId, behind, "B-12"));

        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        byte[] clean = read("telemetry.clean", asset).get(0);
        assertThat(Frame.schemaIdOrNull(clean)).isEqualTo(newerId);
        GenericRecord record = generic(NEWER, clean);
        assertThat(record.get("batch_no")).hasToString("B-12");
        assertThat(record.get("clock_skew_ms")).isEqualTo(250L);
        assertThat(decoder.reading(clean).value()).isEqualTo(new Value.Real(24.1));
    }

    @Test
    void anOlderRecordPassesEveryStage() {
        String asset = "press-older";
        int olderId = writersRegistry.idFor("telemetry.raw", OLDER);
        byte[] older = written(OLDER, olderId, reading(asset, 17.5, null, 0), null);
        write(asset, older);

        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        assertThat(read("telemetry.clean", asset)).containsExactly(older);
        reachesTheWindowAndTheTable(asset, "17.5");
    }

    @Test
    void whileTheRegistryIsAwayKnownIdsGoOnAndUnknownOnesWait() throws Exception {
        String known = "press-known";
        write(known, new ReadingCodec(currentId).encode(reading(known, 1, null, 0)));
        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", known).isEmpty());
        // A version that the gateway has not met yet, registered elsewhere while the gateway cannot reach the registry.
        path.close();
        Schema unmet = new Schema.Parser().parse(NEWER.toString().replace("batch_no", "lot_no"));
        int unmetId = writersRegistry.idFor("telemetry.events-of-others", unmet);

        write(known, new ReadingCodec(currentId).encode(reading(known, 2, null, 1)));
        await().atMost(PATIENCE).until(() -> read("telemetry.clean", known).size() == 2);

        String waiting = "press-waiting";
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(written(unmet, unmetId, reading(waiting, i, null, i), "L-1"));
            write(waiting, sent.get(i));
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        consumer("validate.telemetry").fault().orElse(""))
                .contains("The schema registry at", "does not answer", "does not know schema id " + unmetId)
                .contains("Waiting for the registry."));
        await().atMost(PATIENCE).until(() -> consumer("validate.telemetry").lag() > 0);
        assertThat(read("telemetry.clean", waiting)).isEmpty();
        assertThat(read("dlq.telemetry", waiting)).isEmpty();

        path.open();
        await().atMost(PATIENCE).until(() -> read("telemetry.clean", waiting).size() == 5);
        assertThat(read("telemetry.clean", waiting)).containsExactlyElementsOf(sent);
        assertThat(read("dlq.telemetry", waiting)).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(consumer("validate.telemetry").fault()).isEmpty());
        await().atMost(PATIENCE)
                .until(() -> rows("SELECT count(*) FROM telemetry WHERE asset_id = '%s'".formatted(waiting))
                        .equals("5"));
    }

    @Test
    void aGatewayThatStartsWhileTheRegistryIsAwayKnowsTheIdsFromBefore() throws Exception {
        String asset = "press-restarted";
        byte[] before = new ReadingCodec(currentId).encode(reading(asset, 1, null, 0));
        write(asset, before);
        reachesTheWindowAndTheTable(asset, "1");
        path.close();
        try {
            context.stop();
            start();

            byte[] after = new ReadingCodec(currentId).encode(reading(asset, 2, null, 1));
            write(asset, after);
            await().atMost(PATIENCE).until(() -> read("telemetry.clean", asset).size() == 2);
            assertThat(read("telemetry.clean", asset)).containsExactly(before, after);
            await().atMost(PATIENCE).until(() -> read("telemetry.1s", asset).stream()
                    .map(decoder::aggregate)
                    .anyMatch(window ->
                            Objects.requireNonNull(window.statistics()).max() == 2));
            await().atMost(PATIENCE)
                    .until(() -> rows("SELECT count(*) FROM telemetry WHERE asset_id = '%s'".formatted(asset))
                            .equals("2"));
        } finally {
            path.open();
        }
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowIsADeadLetterAndTheNextRecordPasses() {
        String asset = "press-wrong";
        byte[] wrong = new ReadingCodec(4_711_000).encode(reading(asset, 1, null, 0));
        byte[] right = new ReadingCodec(currentId).encode(reading(asset, 2, null, 1));
        write(asset, wrong);
        write(asset, right);

        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        assertThat(read("telemetry.clean", asset)).containsExactly(right);
        List<DeadLetter> letters =
                read("dlq.telemetry", asset).stream().map(decoder::deadLetter).toList();
        assertThat(letters).hasSize(1);
        assertThat(letters.get(0).reasonCode()).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(letters.get(0).schemaId()).isEqualTo(4_711_000);
        assertThat(letters.get(0).payload()).isEqualTo(ByteBuffer.wrap(wrong));

        // The same straight into the topic that windows and sinks read.
        writer.send(new ProducerRecord<>("telemetry.clean", asset.getBytes(UTF_8), wrong));
        writer.flush();
        await().atMost(PATIENCE).until(() -> read("dlq.telemetry", asset).size() == 2);
        await().atMost(PATIENCE).until(() -> read("dlq.sink", asset).size() == 1);
        assertThat(consumer("aggregate.1s").assigned()).isTrue();
        reachesTheWindowAndTheTable(asset, "2");
    }

    private void reachesTheWindowAndTheTable(String asset, String value) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Aggregate> windows =
                    read("telemetry.1s", asset).stream().map(decoder::aggregate).toList();
            assertThat(windows).isNotEmpty();
            assertThat(Objects.requireNonNull(windows.get(0).statistics()).avg())
                    .isEqualTo(Double.parseDouble(value));
        });
        await().atMost(PATIENCE).until(() -> rows("SELECT value FROM telemetry WHERE asset_id = '%s'".formatted(asset))
                .equals(value));
    }

    private void add(String routeId, String template, Map<String, Object> parameters) throws Exception {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("routeId", routeId);
        all.put("gatewayId", "gw-1");
        context.addRouteFromTemplate(routeId, template, all);
    }

    private StreamConsumer consumer(String routeId) {
        return (StreamConsumer) context.getRoute(routeId).getConsumer();
    }

    private void write(String asset, byte[] record) {
        writer.send(new ProducerRecord<>("telemetry.raw", asset.getBytes(UTF_8), record));
        writer.flush();
    }

    private List<byte[]> read(String topic, String asset) {
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(100))) {
                    if (asset.equals(new String(record.key(), UTF_8))) {
                        values.add(record.value());
                    }
                }
            }
        }
        return values;
    }

    /** The first column of the first row, empty while there is none. */
    private String rows(String sql) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        } catch (SQLException e) {
            return "";
        }
    }

    private static Reading reading(
            String asset, double value, @org.jspecify.annotations.Nullable String reason, long sequence) {
        return new Reading(
                new Value.Real(value),
                Quality.GOOD,
                asset,
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                null,
                Instant.now(),
                TimeSource.GATEWAY,
                null,
                reason,
                sequence,
                ORIGIN);
    }

    /** The reading as a gateway of another version writes it. */
    private byte[] written(Schema version, int id, Reading reading, @org.jspecify.annotations.Nullable String extra) {
        return rewritten(Schemas.READING, new ReadingCodec(currentId).encode(reading), version, id, extra);
    }

    private static byte[] rewritten(
            Schema currentVersion,
            byte[] current,
            Schema version,
            int id,
            @org.jspecify.annotations.Nullable String extra) {
        try {
            GenericRecord record = new GenericDatumReader<GenericRecord>(currentVersion, version)
                    .read(null, DecoderFactory.get().binaryDecoder(current, 5, current.length - 5, null));
            if (extra != null) {
                record.put(0, extra);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(version, GenericData.get()).write(record, encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericRecord generic(Schema version, byte[] framed) {
        try {
            return new GenericDatumReader<GenericRecord>(version)
                    .read(null, DecoderFactory.get().binaryDecoder(framed, 5, framed.length - 5, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
