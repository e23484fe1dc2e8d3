package io.streamforge.aggregate;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's way to the aggregator: {@code aggregate:<route id>?resolutionMs=1000&target=telemetry.1s}. */
public final class AggregateComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        AggregateEndpoint endpoint = new AggregateEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
