package io.streamforge.mqtt;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Creates {@code mqtt-source:host:port} endpoints. */
@Component("mqtt-source")
public final class MqttComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int colon = remaining.lastIndexOf(':');
        boolean hasPort = colon >= 0 && remaining.indexOf(']', colon) < 0;
        int port = MqttConfig.DEFAULT_PORT;
        if (hasPort) {
            try {
                port = Integer.parseInt(remaining.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "MQTT broker '%s': port must be a number from 1 to 65535.".formatted(remaining), e);
            }
        }
        MqttEndpoint endpoint = new MqttEndpoint(uri, this, hasPort ? remaining.substring(0, colon) : remaining, port);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
