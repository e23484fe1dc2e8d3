package io.streamforge.timescaledb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class TimescaleEndpointTest {

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            assertThat(context.getEndpoint(
                                    "timescaledb:plant?host=db&port=5433&database=d&user=u&schema=s&table=t&aggregateTable=a&eventTable=e"
                                            + "&sslMode=verify-ca&caFile=ca&connectTimeoutMs=510&writeTimeoutMs=5200&breakerFailures=53&breakerPauseMs=540",
                                    TimescaleEndpoint.class)
                            .config())
                    .isEqualTo(new SinkConfig(
                            "plant",
                            "db",
                            5433,
                            "d",
                            "u",
                            "s",
                            "t",
                            "a",
                            "e",
                            "verify-ca",
                            "ca",
                            Duration.ofMillis(510),
                            Duration.ofMillis(5200),
                            53,
                            Duration.ofMillis(540)));
        }
    }
}
