package io.streamforge.events;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Body: the input batch, afterwards the clean events. Variable {@code dead}: the dead letters. The registry is asked for ids with the first batch
 * and not at start, so that a plan stays healthy while the registry is away.
 */
final class EventsProducer extends DefaultProducer {

    private static final String DEAD = "dead";

    private final String stage;
    private final String gatewayId;
    private @Nullable EventCheck check;

    EventsProducer(EventsEndpoint endpoint, String stage, String gatewayId) {
        super(endpoint);
        this.stage = stage;
        this.gatewayId = gatewayId;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch in = exchange.getMessage().getMandatoryBody(Batch.class);
        EventCheck ready = check;
        if (ready == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            registry.idFor("events.clean", Schemas.EVENT);
            ready = new EventCheck(
                    stage,
                    gatewayId,
                    new Decoder(registry),
                    registry.idFor("dlq.events", Schemas.DEAD_LETTER),
                    Clock.systemUTC());
            check = ready;
        }
        EventCheck.Outcome outcome = ready.check(in);
        exchange.getMessage().setBody(outcome.clean());
        exchange.setVariable(DEAD, outcome.dead());
    }
}
