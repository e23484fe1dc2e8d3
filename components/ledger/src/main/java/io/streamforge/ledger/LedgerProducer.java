package io.streamforge.ledger;

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
 * Body: the input batch, afterwards the entries to be written. The ledger's own topic comes in too: what all stages wrote there becomes the
 * gateway's figures. The registry is asked for ids with the first batch and not at start, so that a plan stays healthy while it is away.
 */
final class LedgerProducer extends DefaultProducer {

    private final Settings settings;
    private final Figures figures;
    private @Nullable Bookkeeper bookkeeper;
    private @Nullable Decoder decoder;

    LedgerProducer(LedgerEndpoint endpoint, Settings settings, Figures figures) {
        super(endpoint);
        this.settings = settings;
        this.figures = figures;
    }

    @Override
    protected void doStop() {
        bookkeeper = null;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch in = exchange.getMessage().getMandatoryBody(Batch.class);
        Bookkeeper keeper = bookkeeper;
        Decoder reader = decoder;
        if (keeper == null || reader == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            reader = new Decoder(registry);
            keeper = new Bookkeeper(
                    settings,
                    reader,
                    registry.idFor(Topics.RAW, Schemas.READING),
                    registry.idFor(Topics.LEDGER, Schemas.LEDGER),
                    Clock.systemUTC());
            decoder = reader;
            bookkeeper = keeper;
        }
        if (in.topic().equals(Topics.LEDGER)) {
            figures.add(in, reader);
            exchange.getMessage().setBody(Batch.output());
        } else {
            exchange.getMessage().setBody(keeper.count(in));
        }
    }
}
