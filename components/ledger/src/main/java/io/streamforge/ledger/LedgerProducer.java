package io.streamforge.ledger;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Loss;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * Body: the input batch, afterwards the entries to be written. The ledger's own topic comes in too: what all stages wrote there becomes the
 * gateway's figures. What sources lost goes out with the first of the topics, which all processes of a gateway are ticked for. The registry is asked for ids with the first batch and not at start, so that a plan stays healthy while it is away.
 */
final class LedgerProducer extends DefaultProducer {

    private final Settings settings;
    private final Figures figures;
    private final SourceTallies sources;
    private @Nullable Bookkeeper bookkeeper;
    private @Nullable Decoder decoder;
    private @Nullable LedgerCodec codec;

    LedgerProducer(LedgerEndpoint endpoint, Settings settings, Figures figures, SourceTallies sources) {
        super(endpoint);
        this.settings = settings;
        this.figures = figures;
        this.sources = sources;
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
        LedgerCodec writer = codec;
        if (keeper == null || reader == null || writer == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            reader = new Decoder(registry);
            int ledgerId = registry.idFor(Topics.LEDGER, Schemas.LEDGER);
            keeper = new Bookkeeper(
                    settings, reader, registry.idFor(Topics.RAW, Schemas.READING), ledgerId, Clock.systemUTC());
            writer = new LedgerCodec(ledgerId);
            decoder = reader;
            codec = writer;
            bookkeeper = keeper;
        }
        if (in.topic().equals(Topics.LEDGER)) {
            figures.add(in, reader);
            exchange.getMessage().setBody(Batch.output());
        } else {
            Batch out = keeper.count(in);
            if (in.topic().equals(Topics.RAW)) {
                sources.write(settings, writer, losses(), in, Instant.now(), out);
            }
            exchange.getMessage().setBody(out);
        }
    }

    private Map<String, Map<Loss, Long>> losses() {
        SourceLosses losses = CamelContextHelper.findSingleByType(getEndpoint().getCamelContext(), SourceLosses.class);
        return losses == null ? Map.of() : losses.byAdapter();
    }
}
