package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Origin;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class MqttEndpointTest {

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            var rows = JsonNodeFactory.instance.arrayNode();
            rows.addObject().put("name", "a").put("topic", "t");
            context.getRegistry().bind("points", rows);
            context.getRegistry().bind("origin", new Origin("gw-1", "press-07", "mqtt-source@1", 1, 1));
            context.start();
            assertThat(context.getEndpoint(
                                    "mqtt-source:broker:1884?points=#bean:points&origin=#bean:origin&webSocketPath=/ws&protocolVersion=3.1.1"
                                            + "&tls=true&caFile=ca&certificateFile=own&keyFile=key&user=u&password=p&clientId=c&sessionExpiryS=51"
                                            + "&keepAliveS=52&receiveMaximum=53&maxMessageBytes=5400&epochUnit=us&retained=ignore&timeoutMs=550"
                                            + "&reconnectMaxDelayMs=560",
                                    MqttEndpoint.class)
                            .config())
                    .isEqualTo(new MqttConfig(
                            "broker",
                            1884,
                            "/ws",
                            MqttConfig.Version.V3,
                            new TlsFiles("ca", "own", "key"),
                            "u",
                            "p",
                            "c",
                            Duration.ofSeconds(51),
                            Duration.ofSeconds(52),
                            53,
                            5400,
                            EpochUnit.US,
                            MqttConfig.Retained.IGNORE,
                            Duration.ofMillis(550),
                            Duration.ofMillis(560)));
            assertThat(context.getEndpoint(
                                    "mqtt-source:broker?points=#bean:points&origin=#bean:origin", MqttEndpoint.class)
                            .config()
                            .clientId())
                    .isEqualTo("streamforge-gw-1-press-07");
        }
    }
}
