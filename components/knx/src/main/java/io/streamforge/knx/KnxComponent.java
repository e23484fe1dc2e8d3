package io.streamforge.knx;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Creates {@code knx:host:port} endpoints. */
@Component("knx")
public final class KnxComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int colon = remaining.lastIndexOf(':');
        int port = KnxConfig.DEFAULT_PORT;
        if (colon >= 0) {
            try {
                port = Integer.parseInt(remaining.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "KNX interface '%s': port must be a number from 1 to 65535.".formatted(remaining), e);
            }
        }
        KnxEndpoint endpoint = new KnxEndpoint(uri, this, colon < 0 ? remaining : remaining.substring(0, colon), port);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
