package io.streamforge.validate;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's way to the validator: {@code validate:<route id>?rules=#bean:<route id>.rules}. */
public final class ValidateComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ValidateEndpoint endpoint = new ValidateEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
