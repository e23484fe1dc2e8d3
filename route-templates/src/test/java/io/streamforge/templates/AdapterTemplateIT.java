package io.streamforge.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped adapter template with the shipped connector on a real Modbus server; the stream's end is watched, and made to refuse. */
class AdapterTemplateIT {

    private static final String ROUTE = "adapter.press-07";
    private static final String CONNECTOR = ROUTE + ".connector";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final PymodbusServer server = PymodbusServer.start().holding(0, 0x00F1);
    private final List<Batch> offered = new CopyOnWriteArrayList<>();
    private final List<Batch> taken = new CopyOnWriteArrayList<>();
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
    private volatile boolean streamUp = true;

    @BeforeEach
    void start() throws Exception {
        context.getRegistry().bind("schemas", registry);
        context.getRegistry().bind(ROUTE + ".origin", new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3));
        context.getRegistry()
                .bind(
                        ROUTE + ".points",
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\":\"temperature\",\"address\":40001,\"scale\":0.1,\"unit\":\"Cel\"}]"));
        Properties properties = new Properties();
        properties.setProperty("host", "127.0.0.1");
        properties.setProperty("port", String.valueOf(server.port()));
        properties.setProperty("pollIntervalMs", "50");
        properties.setProperty("timeoutMs", "20000");
        properties.setProperty("points", ROUTE + ".points");
        context.getComponent("kamelet", KameletComponent.class).setRouteProperties(Map.of(CONNECTOR, properties));
        context.addComponent("backbone", new MockComponent());
        context.getEndpoint("backbone:telemetry.raw", MockEndpoint.class).whenAnyExchangeReceived(this::offer);
        context.start();
        Path file = Path.of("src/main/resources/route-templates/adapter/adapter.camel.yaml");
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString("adapter.camel.yaml", Files.readString(file)));
        context.addRouteFromTemplate(
                ROUTE,
                "adapter@1",
                Map.of(
                        "routeId", ROUTE,
                        "adapterId", "press-07",
                        "adapterName", "Press 7 (hall B), 100 % & more",
                        "connector", "modbus-tcp-source",
                        "connectorVersion", "1",
                        "asset", "press-07"));
    }

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void aRegisterBecomesAReading() {
        await().until(() -> !taken.isEmpty());
        Reading reading = readings().get(0);
        assertThat(reading.value()).isEqualTo(new Value.Real(24.1));
        assertThat(reading.quality()).isEqualTo(Quality.GOOD);
        assertThat(reading.assetId()).isEqualTo("press-07");
        assertThat(reading.unit()).isEqualTo("Cel");
        assertThat(reading.origin()).isEqualTo(new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3));
    }

    @Test
    void theGatewayFindsTheSourcesHealthInTheInnerRoute() {
        SourceHealth health = (SourceHealth) context.getRoute(CONNECTOR).getConsumer();
        await().until(() -> health.counters().polls() > 1);
        assertThat(health.fault()).isEmpty();
    }

    @Test
    void theSameBatchIsOfferedUntilTheStreamTakesItAndNoneIsLost() {
        await().until(() -> !taken.isEmpty());
        streamUp = false;
        int before = offered.size();
        await().until(() -> offered.size() >= before + 3);
        assertThat(offered.subList(before + 1, before + 3)).containsOnly(offered.get(before + 1));
        streamUp = true;
        int sofar = taken.size();
        await().until(() -> taken.size() >= sofar + 3);
        List<Long> sequences = readings().stream().map(Reading::sequence).toList();
        assertThat(sequences)
                .isEqualTo(LongStream.range(0, sequences.size()).boxed().toList());
    }

    @Test
    void aRouteThatIsStoppedWhileTheStreamIsAwayGoesOnWhereItWas() throws Exception {
        await().until(() -> !taken.isEmpty());
        streamUp = false;
        int before = offered.size();
        await().until(() -> offered.size() > before + 1);
        for (String route : List.of(CONNECTOR, ROUTE)) {
            assertThat(context.getRouteController().stopRoute(route, 10, TimeUnit.SECONDS, false))
                    .as(route)
                    .isTrue();
        }
        streamUp = true;
        for (String route : List.of(ROUTE, CONNECTOR)) {
            context.getRouteController().startRoute(route);
        }
        int sofar = taken.size();
        await().until(() -> taken.size() >= sofar + 2);
        List<Long> sequences = readings().stream().map(Reading::sequence).toList();
        assertThat(sequences)
                .isEqualTo(LongStream.range(0, sequences.size()).boxed().toList());
    }

    private void offer(Exchange exchange) {
        Batch batch = exchange.getMessage().getBody(Batch.class);
        offered.add(batch);
        if (!streamUp) {
            throw new IllegalStateException("the stream is away");
        }
        taken.add(batch);
    }

    private List<Reading> readings() {
        Decoder decoder = new Decoder(registry);
        return taken.stream()
                .flatMap(batch -> IntStream.range(0, batch.size()).mapToObj(i -> decoder.reading(batch.value(i))))
                .toList();
    }
}
