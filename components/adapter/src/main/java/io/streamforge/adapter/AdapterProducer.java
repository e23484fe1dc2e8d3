package io.streamforge.adapter;

import io.streamforge.model.EventCodec;
import io.streamforge.model.Observation;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Receipt;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Numbers an exchange's observations and learns from the exchange's end, or from its {@link Receipt}, whether the stream took them. The schema's id is asked for with the first
 * of them, not at the start: a registry that was never reached makes the source wait, it does not make the route fail.
 */
final class AdapterProducer extends DefaultProducer {

    private static final String READINGS = "telemetry.raw";
    private static final String EVENTS = "events.raw";

    /** The variable that holds the events of an exchange, for the stream's producer. */
    private static final String EVENT_BATCH = "events";

    private final Adapter adapter;
    private final SchemaRegistry registry;
    private @Nullable ReadingCodec readingCodec;
    private @Nullable EventCodec eventCodec;

    AdapterProducer(AdapterEndpoint endpoint, Adapter adapter, SchemaRegistry registry) {
        super(endpoint);
        this.adapter = adapter;
        this.registry = registry;
    }

    @Override
    public void process(Exchange exchange) {
        @SuppressWarnings("unchecked") // the contract of a source; the adapter fails on anything else
        List<Observation> observations = exchange.getMessage().getBody(List.class);
        ReadingCodec readings = readingCodec;
        EventCodec events = eventCodec;
        if (readings == null || events == null) {
            readings = new ReadingCodec(registry.idFor(READINGS, Schemas.READING));
            readingCodec = readings;
            events = new EventCodec(registry.idFor(EVENTS, Schemas.EVENT));
            eventCodec = events;
        }
        Adapter.Numbered numbered = adapter.number(observations, readings, events);
        exchange.getMessage().setBody(numbered.readings());
        if (numbered.events().size() > 0) {
            exchange.setVariable(EVENT_BATCH, numbered.events());
        }
        Receipt receipt = exchange.getProperty(Receipt.PROPERTY, Receipt.class);
        if (receipt == null) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onComplete(Exchange done) {
                    adapter.ended(true);
                }

                @Override
                public void onFailure(Exchange failed) {
                    adapter.ended(false);
                }
            });
        } else {
            receipt.tell(adapter::ended);
        }
    }
}
