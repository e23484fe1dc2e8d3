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
import io.streamforge.ledger.Figures;
import io.streamforge.ledger.LedgerComponent;
import io.streamforge.model.Aggregate;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The shipped templates of all stages behind the adapter, on a real stream and a real database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StageTemplatesIT {

    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final EmbeddedBroker broker;
    private final Path postgresData;
    private final SchemaRegistry registry;
    private final Decoder decoder;
    private final ReadingCodec codec;
    private final KafkaProducer<byte[], byte[]> writer;
    private EmbeddedPostgres postgres;

    StageTemplatesIT(@TempDir Path directory) throws IOException {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0, 0, 0);
        BackboneTopics.ensure(broker.bootstrapServers(), 2, Duration.ofSeconds(60));
        registry = new ConfluentSchemaRegistry(
                List.of(URI.create(broker.registryUrl())), directory.resolve("schemas.json"));
        decoder = new Decoder(registry);
        codec = new ReadingCodec(registry.idFor("telemetry.raw", Schemas.READING));
        writer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        postgresData = directory.resolve("postgres");
        postgres = database().start();
    }

    private EmbeddedPostgres.Builder database() {
        return EmbeddedPostgres.builder()
                .setDataDirectory(postgresData)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2));
    }

    @BeforeAll
    void start() throws Exception {
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(broker.bootstrapServers());
        backbone.setGatewayId("gw-1");
        context.addComponent("backbone", backbone);
        context.getRegistry().bind("schemas", registry);
        context.getRegistry().bind("validate.telemetry.rules", new ObjectMapper().readTree("""
                [{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}}]"""));
        context.getRegistry().bind("sink.plant.password", "unused");
        Properties database = new Properties();
        database.setProperty("host", "127.0.0.1");
        database.setProperty("port", String.valueOf(postgres.getPort()));
        database.setProperty("database", "postgres");
        database.setProperty("user", "postgres");
        database.setProperty("password", "#bean:sink.plant.password");
        database.setProperty("breakerPauseMs", "500");
        context.getComponent("kamelet", KameletComponent.class)
                .setRouteProperties(Map.of("sink.plant.connector", database));
        context.start();
        for (String template : List.of("validate", "aggregate", "sink", "ledger")) {
            Path file = Path.of("src/main/resources/route-templates/%1$s/%1$s.camel.yaml".formatted(template));
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString(template + ".camel.yaml", Files.readString(file)));
        }
        add("validate.telemetry", "validate@1", Map.of());
        add("aggregate.1s", "aggregate@1", aggregation("telemetry.clean", "telemetry.1s", "1000"));
        // No topic of these windows is made at start.
        add("aggregate.5s", "aggregate@1", aggregation("telemetry.1s", "telemetry.5s", "5000"));
        add("aggregate.1min", "aggregate@1", aggregation("telemetry.1s", "telemetry.1min", "60000"));
        add(
                "sink.plant",
                "sink@1",
                Map.of(
                        "sinkId", "plant",
                        "connector", "timescaledb-sink",
                        "connectorVersion", "1",
                        "topics", "telemetry.clean,telemetry.1s,telemetry.1min"));
        add("ledger.gateway", "ledger@1", Map.of("intervalMs", "1000"));
    }

    @AfterAll
    void stop() throws IOException {
        context.stop();
        writer.close();
        postgres.close();
        broker.close();
    }

    @Test
    void eachReadingIsCleanOrDead() {
        String asset = "press-clean";
        byte[] good = codec.encode(reading(asset, new Value.Real(24.1), Quality.GOOD, null, Instant.now(), 0));
        byte[] hot = codec.encode(reading(asset, new Value.Real(130.5), Quality.GOOD, null, Instant.now(), 1));
        byte[] failed = codec.encode(reading(asset, null, Quality.BAD, "0x02 ILLEGAL_DATA_ADDRESS", Instant.now(), 2));
        byte[] garbage = {1, 2, 3};
        for (byte[] record : List.of(good, hot, failed, garbage)) {
            write(asset, record);
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters("dlq.telemetry", asset))
                .extracting(DeadLetter::reasonCode)
                .containsExactly("RANGE", "DEVICE_BAD", "BAD_FRAME"));
        List<byte[]> clean = read("telemetry.clean", asset);
        assertThat(clean).hasSize(2);
        assertThat(clean.get(0)).isEqualTo(good);
        assertThat(decoder.reading(clean.get(1)).qualityReason())
                .isEqualTo("gap: press-clean/temperature: value must be between 0 and 120 Cel, got 130.5 Cel.");
        assertThat(deadLetters("dlq.telemetry", asset).get(2).origin()).isEqualTo(Origin.of("gw-1"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        rows("SELECT value, unit, quality FROM telemetry WHERE asset_id = '%s' ORDER BY sequence"
                                .formatted(asset)))
                .containsExactly("24.1|Cel|GOOD", "null|Cel|UNCERTAIN"));
    }

    @Test
    void aNewRevisionOfTheRulesJudgesAgainstWhatCameBefore() throws Exception {
        String asset = "drill-1";
        Instant start = Instant.now();
        write(asset, codec.encode(reading(asset, new Value.Real(10), Quality.GOOD, null, start, 0)));
        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        await().atMost(PATIENCE).until(() -> lag("validate.telemetry") == 0);

        removeValidator();
        // before the new one looks: it comes before the gap
        write(asset, codec.encode(reading(asset, new Value.Real(90), Quality.GOOD, null, start.plusMillis(900), 1)));
        addValidator("""
                [{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}},
                 {"asset":"drill-*","parameter":"temperature","rate":{"maxPerSecond":5},"gap":{"maxGapMs":1500}}]""");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read("telemetry.clean", asset).stream()
                        .map(decoder::reading)
                        .map(Reading::qualityReason))
                .containsExactly(
                        null,
                        "rate: value must change by at most 5 Cel a second, changed by 80 in 0.9 s",
                        "gap: nothing came for more than 1500 ms"));
    }

    private void removeValidator() throws Exception {
        context.getRouteController().stopRoute("validate.telemetry");
        context.removeRoute("validate.telemetry");
        context.removeEndpoints("validate*");
    }

    private void addValidator(String rules) throws Exception {
        context.getRegistry().bind("validate.telemetry.rules", new ObjectMapper().readTree(rules));
        add("validate.telemetry", "validate@1", Map.of());
    }

    @Test
    void windowsSurviveARestartOfTheirRouteAndReachTheTable() throws Exception {
        String asset = "press-windows";
        Instant start = Instant.ofEpochSecond(Instant.now().getEpochSecond() - 1);
        write(asset, codec.encode(reading(asset, new Value.Real(10), Quality.GOOD, null, start.plusMillis(100), 0)));
        await().atMost(PATIENCE).until(() -> !read("telemetry.clean", asset).isEmpty());
        await().atMost(PATIENCE).until(() -> lag("aggregate.1s") == 0);
        context.getRouteController().stopRoute("aggregate.1s");
        write(asset, codec.encode(reading(asset, new Value.Real(20), Quality.GOOD, null, start.plusMillis(900), 1)));
        context.getRouteController().startRoute("aggregate.1s");

        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Aggregate> seconds =
                    read("telemetry.1s", asset).stream().map(decoder::aggregate).toList();
            assertThat(seconds).isNotEmpty();
            Aggregate last = seconds.get(seconds.size() - 1);
            assertThat(last.windowStart()).isEqualTo(start);
            assertThat(last.statistics()).isEqualTo(new Aggregate.Statistics(15, 10, 20, 2, 5, 10, 20));
        });
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(rows(
                        "SELECT avg, count, good FROM telemetry_aggregate WHERE asset_id = '%s' AND resolution_ms = 1000"
                                .formatted(asset)))
                .containsExactly("15|2|2"));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(read("telemetry.5s", asset))
                .last()
                .extracting(decoder::aggregate)
                .extracting(Aggregate::statistics)
                .isEqualTo(new Aggregate.Statistics(15, 10, 20, 2, 5, 10, 20)));
    }

    @Test
    void anOutageOfTheDatabaseDelaysAndLosesNothing() throws Exception {
        String asset = "press-outage";
        write(asset, codec.encode(reading(asset, new Value.Real(0), Quality.GOOD, null, Instant.now(), 0)));
        await().atMost(PATIENCE).until(() -> count(asset) == 1);
        logInserts("outage_log");
        int port = postgres.getPort();
        postgres.close();
        for (int i = 1; i <= 50; i++) {
            write(asset, codec.encode(reading(asset, new Value.Real(i), Quality.GOOD, null, Instant.now(), i)));
        }
        await().atMost(PATIENCE).until(() -> consumer("sink.plant").fault().isPresent());
        postgres = database().setPort(port).start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        rows("SELECT count(*), count(DISTINCT sequence) FROM outage_log WHERE asset = '%s'"
                                .formatted(asset)))
                .containsExactly("50|50"));
        await().atMost(PATIENCE).until(() -> consumer("sink.plant").fault().isEmpty());
        assertThat(deadLetters("dlq.sink", asset)).isEmpty();
    }

    @Test
    void aRecordThatTheDatabaseRefusesIsPutAsideAndTheRestGoesOn() {
        String asset = "tank-poison";
        write(asset, codec.encode(reading(asset, new Value.Real(1), Quality.GOOD, null, Instant.now(), 0)));
        await().atMost(PATIENCE).until(() -> count(asset) == 1);
        execute("ALTER TABLE telemetry ADD CHECK (asset_id <> 'tank-poison' OR value < 100)");
        for (int i = 1; i <= 20; i++) {
            Value value = new Value.Real(i == 7 ? 100 : i);
            write(asset, codec.encode(reading(asset, value, Quality.GOOD, null, Instant.now(), i)));
        }

        await().atMost(PATIENCE).until(() -> count(asset) == 20);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deadLetters("dlq.sink", asset)).hasSize(1));
        List<DeadLetter> letters = deadLetters("dlq.sink", asset);
        byte[] payload = new byte[letters.get(0).payload().remaining()];
        letters.get(0).payload().duplicate().get(payload);
        assertThat(decoder.reading(payload).sequence()).isEqualTo(7);
        assertThat(letters.get(0).reason()).contains("violates check constraint");
    }

    @Test
    void aLostCommitOfOffsetsWritesNothingTwice() throws Exception {
        String asset = "press-commit";
        write(asset, codec.encode(reading(asset, new Value.Real(0), Quality.GOOD, null, Instant.now(), 0)));
        await().atMost(PATIENCE).until(() -> count(asset) == 1);
        logInserts("commit_log");
        for (int i = 1; i <= 50; i++) {
            write(asset, codec.encode(reading(asset, new Value.Real(i), Quality.GOOD, null, Instant.now(), i)));
        }
        await().atMost(PATIENCE).until(() -> count(asset) == 51);
        context.getRouteController().stopRoute("sink.plant");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            Map<TopicPartition, OffsetAndMetadata> start = Map.of(
                    new TopicPartition("telemetry.clean", 0), new OffsetAndMetadata(0),
                    new TopicPartition("telemetry.clean", 1), new OffsetAndMetadata(0));
            admin.alterConsumerGroupOffsets("sink.plant", start).all().get();
        }
        context.getRouteController().startRoute("sink.plant");
        write(asset, codec.encode(reading(asset, new Value.Real(51), Quality.GOOD, null, Instant.now(), 51)));

        await().atMost(PATIENCE).until(() -> count(asset) == 52);
        assertThat(rows("SELECT count(*), count(DISTINCT sequence) FROM commit_log WHERE asset = '%s'"
                        .formatted(asset)))
                .containsExactly("51|51");
    }

    @Test
    void theLedgerAddsUpAndNamesWhatIsMissingAcrossARestartOfItsRoute() throws Exception {
        String asset = "press-ledger";
        Instant minute = Instant.parse("2026-11-20T12:00:00Z");
        write(asset, codec.encode(reading(asset, new Value.Real(24.1), Quality.GOOD, null, minute, 0)));
        write(asset, codec.encode(reading(asset, new Value.Real(130.5), Quality.GOOD, null, minute, 1)));
        write(asset, codec.encode(reading(asset, null, Quality.BAD, "0x02 ILLEGAL_DATA_ADDRESS", minute, 2)));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ledger(asset))
                .isEqualTo(Map.of(Kind.READ, 3L, Kind.CLEAN, 2L, Kind.SYNTHETIC, 1L, Kind.DEAD, 2L)));
        context.getRouteController().stopRoute("ledger.gateway");
        write(asset, codec.encode(reading(asset, new Value.Real(24.2), Quality.GOOD, null, minute, 5)));
        context.getRouteController().startRoute("ledger.gateway");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ledger(asset))
                .isEqualTo(Map.of(
                        Kind.READ, 4L, Kind.CLEAN, 3L, Kind.SYNTHETIC, 1L, Kind.DEAD, 2L, Kind.SEQUENCE_GAP, 2L)));
        Figures figures = context.getComponent("ledger", LedgerComponent.class).figures();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(figures.notice())
                .hasValue("Adapter 'press-07', epoch 3, asset 'press-ledger': sequences 3 to 4 are missing from"
                        + " telemetry.raw, found at 2026-11-20T12:00:00Z. See docs/concepts/ledger.md."));
    }

    /** The sums of one asset's entries. */
    /** Apart from what comes too late for windows, which depends on how far other tests have moved event time on. */
    private Map<Kind, Long> ledger(String asset) {
        Map<Kind, Long> sums = new HashMap<>();
        for (byte[] record : read("audit.ledger", asset)) {
            Ledger entry = decoder.ledger(record);
            sums.merge(entry.kind(), entry.count(), Long::sum);
        }
        sums.remove(Kind.LATE);
        return sums;
    }

    @Test
    void transactionsAreTheTemplatesChoice() throws Exception {
        String asset = "press-delivery";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("telemetry.once", 1, (short) 1), new NewTopic("telemetry.more", 1, (short) 1)))
                    .all()
                    .get();
            add("aggregate.once", "aggregate@1", aggregation("telemetry.clean", "telemetry.once", "1000"));
            Map<String, Object> atLeastOnce = new HashMap<>(aggregation("telemetry.clean", "telemetry.more", "1000"));
            atLeastOnce.put("exactlyOnce", "false");
            add("aggregate.more", "aggregate@1", atLeastOnce);
            write(asset, codec.encode(reading(asset, new Value.Real(10), Quality.GOOD, null, Instant.now(), 0)));

            await().atMost(PATIENCE).until(() -> !read("telemetry.once", asset).isEmpty());
            await().atMost(PATIENCE).until(() -> !read("telemetry.more", asset).isEmpty());
            context.getRouteController().stopRoute("aggregate.once");
            context.getRouteController().stopRoute("aggregate.more");
            assertThat(markers("telemetry.once")).as("transaction markers").isPositive();
            assertThat(markers("telemetry.more")).as("transaction markers").isZero();
            assertThat(admin.listTransactions().all().get())
                    .extracting(TransactionListing::transactionalId)
                    .contains("gw-1-aggregate.once-0")
                    .doesNotContain("gw-1-aggregate.more-0");
        }
    }

    /** Offsets of a topic's only partition that hold no record. */
    private long markers(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long records = 0;
            while (reader.position(partition) < end) {
                records += reader.poll(Duration.ofMillis(100)).count();
            }
            return end - records;
        }
    }

    /** An unkeyed log of every insert that is attempted. */
    private void logInserts(String log) {
        execute("""
                CREATE TABLE %1$s (asset text, sequence bigint);
                CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO %1$s VALUES (NEW.asset_id, NEW.sequence); RETURN NEW; END';
                CREATE TRIGGER %1$s BEFORE INSERT ON telemetry FOR EACH ROW EXECUTE FUNCTION %1$s()""".formatted(log));
    }

    private void add(String routeId, String template, Map<String, Object> parameters) throws Exception {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("routeId", routeId);
        all.put("gatewayId", "gw-1");
        context.addRouteFromTemplate(routeId, template, all);
    }

    private static Map<String, Object> aggregation(String source, String target, String resolutionMs) {
        return Map.of("source", source, "target", target, "resolutionMs", resolutionMs);
    }

    private StreamConsumer consumer(String routeId) {
        return (StreamConsumer) context.getRoute(routeId).getConsumer();
    }

    private long lag(String routeId) {
        return consumer(routeId).lag();
    }

    private void write(String asset, byte[] record) {
        writer.send(new ProducerRecord<>("telemetry.raw", asset.getBytes(UTF_8), record));
        writer.flush();
    }

    private List<DeadLetter> deadLetters(String topic, String asset) {
        return read(topic, asset).stream().map(decoder::deadLetter).toList();
    }

    /** The committed records of one asset. */
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

    private long count(String asset) {
        return Long.parseLong(rows("SELECT count(*) FROM telemetry WHERE asset_id = '%s'".formatted(asset))
                .get(0));
    }

    /** Each row as its columns' texts with a bar between; none while the table does not exist. */
    private List<String> rows(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(rows.getString(i)));
                }
                result.add(String.join("|", columns));
            }
            return result;
        } catch (SQLException e) {
            return List.of("0");
        }
    }

    private void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres".formatted(postgres.getPort()));
    }

    private static Reading reading(
            String asset,
            @Nullable Value value,
            Quality quality,
            @Nullable String reason,
            Instant time,
            long sequence) {
        return new Reading(
                value,
                quality,
                asset,
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                null,
                time,
                TimeSource.GATEWAY,
                null,
                reason,
                sequence,
                ORIGIN);
    }
}
