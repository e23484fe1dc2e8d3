package io.streamforge.knx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class KnxEndpointTest {

    private static final String POINTS = "[{\"name\":\"a\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]";

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        assertThat(config("knx:house:3672?points=#bean:points&nat=true&timeoutMs=500&heartbeatIntervalMs=30000"
                        + "&readIntervalMs=60000&maxRequestsPerSecond=7&reconnectMaxDelayMs=900"))
                .isEqualTo(new KnxConfig(
                        "house",
                        3672,
                        true,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(1),
                        7,
                        Duration.ofMillis(900)));
    }

    @Test
    void anEndpointAndATestHaveTheSameDefaults() throws Exception {
        assertThat(config("knx:house?points=#bean:points"))
                .isEqualTo(KnxConfig.parse(RunningSource.json("{\"host\":\"house\"}")));
    }

    @Test
    void tellsEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> KnxConfig.parse(RunningSource.json("""
                        {"host":"","port":0,"timeoutMs":1,"heartbeatIntervalMs":999,"readIntervalMs":-1,
                         "maxRequestsPerSecond":1001,"reconnectMaxDelayMs":1}""")))
                .hasMessageContainingAll(
                        "host must not be empty",
                        "port must be at least 1, got 0",
                        "timeoutMs must be at least 50, got 1",
                        "heartbeatIntervalMs must be at least 1000, got 999",
                        "readIntervalMs must be at least 0, got -1",
                        "maxRequestsPerSecond must be at most 1000, got 1001",
                        "reconnectMaxDelayMs must be at least 100, got 1");
    }

    private static KnxConfig config(String uri) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("points", RunningSource.json(POINTS));
            context.start();
            return context.getEndpoint(uri, KnxEndpoint.class).config();
        }
    }
}
