package io.streamforge.routes.uplink;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Camel's way to the control plane: {@code to: uplink:<name>} posts the batch's records as JSON to {@code /gateways/<id>/uplink/<name>}. The
 * exchange fails until the control plane has them, so that a route that reads the stream keeps its position: an outage delays and loses nothing.
 */
public final class UplinkComponent extends DefaultComponent {

    /** Takes a request's body to the control plane; returns when it has taken it. */
    interface Post {
        void post(String name, byte[] body) throws Problem, InterruptedException;
    }

    private final Post post;

    UplinkComponent(Post post) {
        this.post = post;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new UplinkEndpoint(uri, this, remaining);
    }

    private final class UplinkEndpoint extends DefaultEndpoint {
        private final String name;

        UplinkEndpoint(String uri, UplinkComponent component, String name) {
            super(uri, component);
            this.name = name;
        }

        @Override
        public Producer createProducer() {
            return new UplinkProducer(this, name, post);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException(
                    "Endpoint 'uplink:%s' can only be called, not consumed from.".formatted(name));
        }
    }
}
