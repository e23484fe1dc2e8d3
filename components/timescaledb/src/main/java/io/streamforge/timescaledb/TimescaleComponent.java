package io.streamforge.timescaledb;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's way to the sink: {@code timescaledb:<sink>?host=…&database=…&user=…&password=#bean:…}. */
public final class TimescaleComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        TimescaleEndpoint endpoint = new TimescaleEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
