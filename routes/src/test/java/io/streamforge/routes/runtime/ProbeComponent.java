package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.model.Losses;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** {@code probe:<name>}: an endpoint that tells the test what Camel did with it, hands on its secret and fails when it is told to. */
public final class ProbeComponent extends DefaultComponent {

    /** What happened to the consumers of each name, in order. */
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    private final Map<String, ProbeEndpoint> endpoints = new ConcurrentHashMap<>();
    final Map<String, String> faults = new ConcurrentHashMap<>();

    /** Names whose consumers wait in vain for somebody else's answer when they start, with what they say. */
    final Map<String, String> unanswered = new ConcurrentHashMap<>();

    /** Names whose consumers do not start, with the reason. */
    final Map<String, String> broken = new ConcurrentHashMap<>();

    /** The endpoint that was made last for a name. */
    ProbeEndpoint endpoint(String name) {
        return Objects.requireNonNull(endpoints.get(name), name);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ProbeEndpoint endpoint = new ProbeEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        endpoints.put(remaining, endpoint);
        return endpoint;
    }

    /** The endpoint's options, as Camel set them. */
    public static final class ProbeEndpoint extends DefaultEndpoint {
        private final ProbeComponent probes;
        private final String name;
        private String text = "";
        private String secret = "";
        private @Nullable JsonNode points;

        ProbeEndpoint(String uri, ProbeComponent component, String name) {
            super(uri, component);
            this.probes = component;
            this.name = name;
        }

        public String getText() {
            return text;
        }

        public void setText(String text) {
            this.text = text;
        }

        public String getSecret() {
            return secret;
        }

        public void setSecret(String secret) {
            this.secret = secret;
        }

        public JsonNode getPoints() {
            return Objects.requireNonNull(points);
        }

        public void setPoints(JsonNode points) {
            this.points = points;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    exchange.getMessage().setBody(TextNode.valueOf(secret));
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new ProbeConsumer(this, processor);
        }
    }

    private static final class ProbeConsumer extends DefaultConsumer implements SourceHealth {
        private final ProbeEndpoint endpoint;
        private final Losses losses = new Losses();

        ProbeConsumer(ProbeEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
            this.endpoint = endpoint;
        }

        @Override
        protected void doStart() throws Exception {
            String reason = endpoint.probes.broken.get(endpoint.name);
            if (reason != null) {
                endpoint.probes.events.add("broken " + endpoint.name);
                throw new IllegalArgumentException(reason);
            }
            String vain = endpoint.probes.unanswered.get(endpoint.name);
            if (vain != null) {
                throw new IllegalStateException(vain, new TimeoutException());
            }
            endpoint.probes.events.add("start " + endpoint.name);
            super.doStart();
        }

        @Override
        protected void doStop() throws Exception {
            if (!endpoint.probes.broken.containsKey(endpoint.name)) {
                endpoint.probes.events.add("stop " + endpoint.name);
            }
            super.doStop();
        }

        @Override
        public Optional<String> fault() {
            return Optional.ofNullable(endpoint.probes.faults.get(endpoint.name));
        }

        @Override
        public Counters counters() {
            return new Counters(10, 3, 0, 0, new TreeMap<>());
        }

        @Override
        public Losses losses() {
            return losses;
        }
    }
}
