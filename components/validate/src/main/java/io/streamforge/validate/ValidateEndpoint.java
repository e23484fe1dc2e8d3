package io.streamforge.validate;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The options of one validator. */
@UriEndpoint(
        scheme = "validate",
        title = "Validate",
        syntax = "validate:stage",
        producerOnly = true,
        firstVersion = "0.1.0")
public final class ValidateEndpoint extends DefaultEndpoint {

    @UriPath(description = "The route's id, as dead letters name it.")
    private final String stage;

    @UriParam(description = "The rule set as JSON, a bean: see Rules.")
    private @Nullable JsonNode rules;

    @UriParam(description = "The gateway's id, for dead letters of what cannot be read.")
    private String gatewayId = "";

    ValidateEndpoint(String uri, ValidateComponent component, String stage) {
        super(uri, component);
        this.stage = stage;
    }

    public void setRules(JsonNode rules) {
        this.rules = rules;
    }

    public void setGatewayId(String gatewayId) {
        this.gatewayId = gatewayId;
    }

    @Override
    public Producer createProducer() {
        if (rules == null) {
            throw new IllegalArgumentException(
                    "Validator '%s': option rules is required, a bean with a JSON array.".formatted(stage));
        }
        return new ValidateProducer(this, stage, gatewayId, Rules.parse(stage, rules));
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "Validator '%s' can only be called, not consumed from.".formatted(stage));
    }
}
