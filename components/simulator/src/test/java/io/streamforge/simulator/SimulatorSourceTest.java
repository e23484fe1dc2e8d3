package io.streamforge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.testing.WatchedStream;
import io.streamforge.adapter.testing.WatchedStream.Taken;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an adapter's route sees of its options. */
class SimulatorSourceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALWAYS = ",\"faultEveryMs\":1000,\"faultForMs\":1000,\"faultSize\":300}]";

    private final WatchedStream stream = new WatchedStream();
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aLatencyMakesItMissThePollsThatAreDueMeanwhile() throws Exception {
        SourceHealth source = run("a", "[{\"name\":\"a\",\"fault\":\"latency\"" + ALWAYS, "pollIntervalMs=50");
        await().until(() -> source.losses().of(Loss.POLL_DEVICE_SLOW) > 0);
        await().until(() -> stream.good("a") > 0);
    }

    @Test
    void aSeedIsTheDevices() throws Exception {
        String points = "[{\"name\":\"a\",\"shape\":\"walk\"}]";
        run("a", points, "pollIntervalMs=50&seed=7");
        await().until(() -> stream.good("a") > 2);
        SimulatorConfig config = new SimulatorConfig("plant", Duration.ofSeconds(1), 7, "");
        SimulatedDevice device =
                new SimulatedDevice(config, SimulatedPoint.table(JSON.readTree(points), config), Clock.systemUTC());
        for (Taken exchange : stream.taken()) {
            assertThat(exchange.samples())
                    .extracting(Sample::value)
                    .containsExactly(Observation.samples(device.poll()).get(0).value());
        }
    }

    private SourceHealth run(String route, String points, String options) throws Exception {
        context.getRegistry().bind("points", JSON.readTree(points));
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("simulator:plant?points=#bean:points&" + options)
                        .routeId(route)
                        .process(stream);
            }
        });
        return (SourceHealth) context.getRoute(route).getConsumer();
    }
}
