package io.streamforge.http.poll;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Creates {@code http-poll:name} endpoints. */
@Component("http-poll")
public final class HttpPollComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        HttpPollEndpoint endpoint = new HttpPollEndpoint(uri, this);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
