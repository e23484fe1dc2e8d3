package io.streamforge.aggregate;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Body: the input batch, afterwards the aggregates. Variable {@code dead}: the dead letters; {@code outOfTime}: how many
 * readings no window holds; {@code ledger}: those of them that came too late. The registry is asked for ids with the first batch and not at start, so
 * that a plan stays healthy while the registry is away.
 */
final class AggregateProducer extends DefaultProducer {

    static final String DEAD = "dead";
    static final String LEDGER = "ledger";
    static final String OUT_OF_TIME = "outOfTime";

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(AggregateProducer.class);

    private final Settings settings;
    private final String target;
    private final Clock clock = Clock.systemUTC();
    private OutOfTime outOfTime = new OutOfTime();
    private Instant quietUntil = Instant.MIN;
    private @Nullable Aggregator aggregator;
    private @Nullable LedgerCodec entries;

    AggregateProducer(AggregateEndpoint endpoint, Settings settings, String target) {
        super(endpoint);
        this.settings = settings;
        this.target = target;
    }

    @Override
    protected void doStop() {
        aggregator = null;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch in = exchange.getMessage().getMandatoryBody(Batch.class);
        if (aggregator == null || entries == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            entries = new LedgerCodec(registry.idFor("audit.ledger", Schemas.LEDGER));
            aggregator = newAggregator(registry);
        }
        Aggregator.Outcome outcome = aggregator.aggregate(in);
        if (!in.warmUp()) {
            tell(outcome.outOfTime());
            exchange.setVariable(
                    OUT_OF_TIME,
                    outcome.outOfTime().tooLate() + outcome.outOfTime().tooEarly());
        }
        exchange.getMessage().setBody(outcome.aggregates());
        exchange.setVariable(DEAD, outcome.dead());
        exchange.setVariable(LEDGER, outcome.late().entries(settings.stage(), entries));
    }

    private Aggregator newAggregator(SchemaRegistry registry) {
        return new Aggregator(
                settings,
                new Decoder(registry),
                registry.idFor("telemetry.clean", Schemas.READING),
                registry.idFor(target, Schemas.AGGREGATE),
                registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER),
                clock);
    }

    /** A device whose clock is wrong is out of time with every reading: it is told once a minute, with the count and one of them. */
    private void tell(OutOfTime more) {
        outOfTime.add(more);
        Instant now = clock.instant();
        if (outOfTime.none() || now.isBefore(quietUntil)) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("stage", settings.stage())
                .addKeyValue("heldMs", settings.held().toMillis())
                .addKeyValue("tooLate", outOfTime.tooLate())
                .addKeyValue("tooEarly", outOfTime.tooEarly())
                .addKeyValue("tag", outOfTime.tag())
                .addKeyValue("time", outOfTime.time())
                .log("Readings came out of time: they are stored, but no window holds them");
        outOfTime = new OutOfTime();
        quietUntil = now.plus(PAUSE);
    }
}
