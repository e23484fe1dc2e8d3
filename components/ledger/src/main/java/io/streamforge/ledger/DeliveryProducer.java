package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind a sink's connector. Body: the batch with what the connector's system accepted of it, afterwards the entries to be written.
 */
final class DeliveryProducer extends DefaultProducer {

    private final Settings settings;
    private @Nullable Deliveries deliveries;

    DeliveryProducer(LedgerEndpoint endpoint, Settings settings) {
        super(endpoint);
        this.settings = settings;
    }

    @Override
    protected void doStop() {
        deliveries = null;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch in = exchange.getMessage().getMandatoryBody(Batch.class);
        Deliveries counts = deliveries;
        if (counts == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            counts = new Deliveries(
                    settings.gatewayId(),
                    settings.interval(),
                    registry.idFor(Topics.LEDGER, Schemas.LEDGER),
                    Clock.systemUTC());
            deliveries = counts;
        }
        exchange.getMessage().setBody(counts.count(settings.stage(), in));
    }
}
