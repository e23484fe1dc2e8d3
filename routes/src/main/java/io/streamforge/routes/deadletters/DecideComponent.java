package io.streamforge.routes.deadletters;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.routes.plan.RoutePlan;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;

/**
 * {@code to: decide:dead-letters} in a route that reads {@code dlq.decisions}: carries each out and writes what it comes to within the route's
 * transaction. It writes by itself since a sink's retry topic has the sink's name.
 */
public final class DecideComponent extends DefaultComponent {

    private final Letters letters;
    private final Supplier<@Nullable RoutePlan> plan;
    private final Clock clock;

    /** @param plan what runs here, or null before the first plan */
    public DecideComponent(StreamLetters letters, Supplier<@Nullable RoutePlan> plan, Clock clock) {
        this.letters = letters;
        this.plan = plan;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new DecideEndpoint(uri, this);
    }

    private final class DecideEndpoint extends DefaultEndpoint {
        DecideEndpoint(String uri, DecideComponent component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            return new DecideProducer(this);
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("Endpoint 'decide:' can only be called, not consumed from.");
        }
    }

    private final class DecideProducer extends DefaultProducer {
        private final ProducerTemplate writer;
        private @Nullable Decider decider;

        DecideProducer(DecideEndpoint endpoint) {
            super(endpoint);
            this.writer = endpoint.getCamelContext().createProducerTemplate();
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            if (decider == null) {
                SchemaRegistry registry = CamelContextHelper.mandatoryFindSingleByType(
                        getEndpoint().getCamelContext(), SchemaRegistry.class);
                decider = new Decider(
                        letters,
                        new Decoder(registry),
                        plan,
                        registry.idFor(Decider.OUTCOMES, Schemas.DECISION_OUTCOME),
                        clock);
            }
            for (Map.Entry<String, Batch> output : decider.decide(
                            exchange.getMessage().getMandatoryBody(Batch.class))
                    .entrySet()) {
                Exchange writing = ExchangeHelper.createCopy(exchange, true);
                writing.getMessage().setBody(output.getValue());
                Exception failure =
                        writer.send("backbone:" + output.getKey(), writing).getException();
                if (failure != null) {
                    throw failure;
                }
            }
        }
    }
}
