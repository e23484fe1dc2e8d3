package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.junit.jupiter.api.Test;

class OpcUaEndpointTest {

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            var points = JsonNodeFactory.instance.arrayNode();
            points.addObject().put("name", "a").put("node", "i=2258");
            context.getRegistry().bind("points", points);
            context.start();
            assertThat(context.getEndpoint(
                                    "opcua:opc.tcp://press:4841/x?points=#bean:points&security=Aes256_Sha256_RsaPss&messageSecurity=sign&login=user"
                                            + "&user=u&password=p&publishingIntervalMs=51&samplingIntervalMs=52&queueSize=53&alarms=i=2253"
                                            + "&timeoutMs=540&sessionTimeoutMs=55000&reconnectMaxDelayMs=560",
                                    OpcUaEndpoint.class)
                            .config())
                    .isEqualTo(new OpcUaConfig(
                            "opc.tcp://press:4841/x",
                            Policy.AES256_SHA256_RSA_PSS,
                            MessageSecurity.SIGN,
                            Login.USER,
                            "u",
                            "p",
                            Duration.ofMillis(51),
                            Duration.ofMillis(52),
                            53,
                            Duration.ofMillis(540),
                            Duration.ofMillis(55_000),
                            ExpandedNodeId.parse("i=2253"),
                            Duration.ofMillis(560)));
        }
    }
}
