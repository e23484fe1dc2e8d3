package io.streamforge.validate;

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
 * Body: the input batch, afterwards the clean readings. Variables: {@code dead}, the dead letters; {@code alarms} of the system itself;
 * {@code ledger}, what was dropped and counted. The registry is asked for ids with the
 * first batch and not at start, so that a plan stays healthy while the registry is away.
 */
final class ValidateProducer extends DefaultProducer {

    static final String DEAD = "dead";
    static final String ALARMS = "alarms";
    static final String LEDGER = "ledger";

    private final String stage;
    private final String gatewayId;
    private final Rules rules;
    private @Nullable Validator validator;

    ValidateProducer(ValidateEndpoint endpoint, String stage, String gatewayId, Rules rules) {
        super(endpoint);
        this.stage = stage;
        this.gatewayId = gatewayId;
        this.rules = rules;
    }

    @Override
    protected void doStop() {
        validator = null;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch in = exchange.getMessage().getMandatoryBody(Batch.class);
        if (validator == null) {
            validator = newValidator();
        }
        Validator.Outcome outcome = validator.validate(in);
        exchange.getMessage().setBody(outcome.clean());
        exchange.setVariable(DEAD, outcome.dead());
        exchange.setVariable(ALARMS, outcome.alarms());
        exchange.setVariable(LEDGER, outcome.ledger());
    }

    private Validator newValidator() {
        SchemaRegistry registry =
                CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
        return new Validator(
                stage,
                gatewayId,
                rules,
                new Decoder(registry),
                new Validator.SchemaIds(
                        registry.idFor("telemetry.clean", Schemas.READING),
                        registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER),
                        registry.idFor("alarms.raw", Schemas.ALARM),
                        registry.idFor("audit.ledger", Schemas.LEDGER)),
                Clock.systemUTC());
    }
}
