package io.streamforge.adapter;

import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Numbers an exchange's samples and learns from the exchange's end whether the stream took them. The schema's id is asked for with the first
 * samples, not at the start: a registry that was never reached makes the source wait, it does not make the route fail.
 */
final class AdapterProducer extends DefaultProducer {

    private static final String TOPIC = "telemetry.raw";

    private final Adapter adapter;
    private final SchemaRegistry registry;
    private @Nullable ReadingCodec codec;

    AdapterProducer(AdapterEndpoint endpoint, Adapter adapter, SchemaRegistry registry) {
        super(endpoint);
        this.adapter = adapter;
        this.registry = registry;
    }

    @Override
    public void process(Exchange exchange) {
        List<Sample> samples = new ArrayList<>();
        for (Object item : exchange.getMessage().getBody(List.class)) {
            samples.add((Sample) item);
        }
        ReadingCodec ready = codec;
        if (ready == null) {
            ready = new ReadingCodec(registry.idFor(TOPIC, Schemas.READING));
            codec = ready;
        }
        exchange.getMessage().setBody(adapter.number(samples, ready));
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                adapter.taken();
            }

            @Override
            public void onFailure(Exchange failed) {
                adapter.refused();
            }
        });
    }
}
