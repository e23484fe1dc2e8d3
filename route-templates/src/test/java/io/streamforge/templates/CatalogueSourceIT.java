package io.streamforge.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source Kamelet of Apache Camel's catalogue, unchanged, on a real broker that asks for a login, behind the shipped connector and the shipped template. */
class CatalogueSourceIT {

    private static final String SECRET = "only-$1-for-the-test";
    private static final String ROUTE = "adapter.meters";
    private static final String CONNECTOR = ROUTE + ".connector";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final List<Batch> taken = new CopyOnWriteArrayList<>();
    private final SaslBroker broker;
    private final KafkaProducer<byte[], byte[]> meters;
    private final SchemaRegistry registry = new SchemaRegistry() {
        @Override
        public int idFor(String topic, Schema schema) {
            return 11;
        }

        @Override
        public Schema byId(int id) {
            return Schemas.READING;
        }
    };

    private final Properties properties = new Properties();

    CatalogueSourceIT(@TempDir Path directory) throws IOException {
        broker = SaslBroker.start(directory.resolve("broker"), "meters", SECRET);
        meters = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("schemas", registry);
        context.getRegistry().bind(ROUTE + ".origin", new Origin("gw-1", "meters", "catalogue-source@1", 7, 3));
        context.getRegistry()
                .bind(
                        ROUTE + ".points",
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\":\"power\",\"path\":\"$.power\",\"time\":\"$.at\",\"unit\":\"kW\"},{\"name\":\"{$.id}\",\"items\":\"$.more\",\"path\":\"$.v\"}]"));
        context.getRegistry().bind(ROUTE + ".secret", SECRET);
        properties.setProperty("kamelet", "kafka-source");
        properties.setProperty(
                "options",
                "topic=meters&consumerGroup=m&autoOffsetReset=earliest&securityProtocol=SASL_PLAINTEXT&user=meters&bootstrapServers="
                        + broker.saslServers());
        properties.setProperty("secretOption", "password");
        properties.setProperty("secret", "#bean:" + ROUTE + ".secret");
        properties.setProperty("points", ROUTE + ".points");
        KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
        kamelets.setRouteProperties(Map.of(CONNECTOR, properties));
        kamelets.setLocation("classpath:kamelets,classpath:catalogue");
        context.addComponent("backbone", new MockComponent());
        context.getEndpoint("backbone:telemetry.raw", MockEndpoint.class)
                .whenAnyExchangeReceived(
                        exchange -> taken.add(exchange.getMessage().getBody(Batch.class)));
        context.start();
        Path file = Path.of("src/main/resources/route-templates/adapter/adapter.camel.yaml");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString("adapter.camel.yaml", Files.readString(file)));
    }

    @AfterEach
    void stop() throws IOException {
        context.stop();
        meters.close();
        broker.close();
    }

    @Test
    void whatAStockKameletReadsBecomesReadings() throws Exception {
        createTopic();
        send(
                "{\"power\":12.5,\"at\":\"2026-11-20T10:00:00.25Z\",\"more\":[{\"id\":\"a\",\"v\":1},{\"id\":\"b\",\"v\":true}]}");
        run();

        await().atMost(PATIENCE).until(() -> readings().size() >= 3);
        Reading power = readings().get(0);
        assertThat(power.parameter()).isEqualTo("power");
        assertThat(power.assetId()).isEqualTo("hall-3");
        assertThat(power.value()).isEqualTo(new Value.Real(12.5));
        assertThat(power.unit()).isEqualTo("kW");
        assertThat(power.quality()).isEqualTo(Quality.GOOD);
        assertThat(power.deviceTime()).isEqualTo(Instant.parse("2026-11-20T10:00:00.250Z"));
        assertThat(readings()).extracting(Reading::parameter).containsExactly("power", "a", "b");
        assertThat(context.getEndpoints()).extracting(Endpoint::getEndpointUri).noneMatch(uri -> uri.contains("only-"));

        send("not JSON");
        send("still not JSON");
        send("{\"power\":13}");
        await().atMost(PATIENCE).until(() -> readings().size() >= 5);
        Reading bad = readings().get(3);
        assertThat(bad.quality()).isEqualTo(Quality.BAD);
        assertThat(bad.qualityReason()).startsWith("value: the body is not JSON");
        assertThat(readings().get(4).value()).isEqualTo(new Value.Whole(13));
        assertThat(readings()).extracting(Reading::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void theSecretIsTheOptionsThatItIsFor() throws Exception {
        createTopic();
        send("{\"power\":1}");
        context.getRegistry().bind(ROUTE + ".secret", "meters");
        context.getRegistry().bind("login", SECRET);
        properties.setProperty(
                "options", properties.getProperty("options").replace("user=meters", "password=#bean:login"));
        properties.setProperty("secretOption", "user");
        run();
        await().atMost(PATIENCE).until(() -> !readings().isEmpty());
    }

    private void run() throws Exception {
        context.addRouteFromTemplate(
                ROUTE,
                "adapter@1",
                Map.of(
                        "routeId", ROUTE,
                        "adapterId", "meters",
                        "adapterName", "Meters",
                        "connector", "catalogue-source",
                        "connectorVersion", "1",
                        "asset", "hall-3",
                        "deviceClock", "device"));
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("meters", 1, (short) 1)))
                    .all()
                    .get();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> admin.listOffsets(Map.of(new TopicPartition("meters", 0), OffsetSpec.latest()))
                                    .all()
                                    .get()
                                    .size()
                            == 1);
        }
    }

    private void send(String document) throws Exception {
        meters.send(new ProducerRecord<>("meters", document.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private List<Reading> readings() {
        Decoder decoder = new Decoder(registry);
        return taken.stream()
                .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(i -> decoder.reading(batch.value(i))))
                .toList();
    }
}
