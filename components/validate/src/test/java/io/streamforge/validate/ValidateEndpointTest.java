package io.streamforge.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Batch;
import io.streamforge.model.testing.TestRegistry;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValidateEndpointTest {

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() {
        context.stop();
    }

    @Test
    void leavesCleanReadingsInTheBodyAndDeadLettersInAVariable() throws Exception {
        bind("validate.telemetry.rules", "[]");
        context.getRegistry().bind("registry", new TestRegistry());
        context.start();
        Batch in = Batch.input("telemetry.raw", "t1", false, List.of());
        in.add(new byte[0], new byte[] {1}, 0, 0);

        Exchange exchange = context.createProducerTemplate()
                .send(
                        "validate:validate.telemetry?rules=#bean:validate.telemetry.rules",
                        ExchangePattern.InOnly,
                        e -> e.getMessage().setBody(in));

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getBody(Batch.class).size()).isZero();
        assertThat(exchange.getVariable("dead", Batch.class).size()).isEqualTo(1);
    }

    @Test
    void wrongRulesFailWhenTheRouteIsMade() throws Exception {
        bind("rules", "[{\"range\":{}}]");
        context.start();

        assertThatThrownBy(() ->
                        context.getEndpoint("validate:v?rules=#bean:rules").createProducer())
                .hasMessageContaining("rules[0].range must have min, max or both");
    }

    @Test
    void missingRulesAreNamed() {
        context.start();

        assertThatThrownBy(() -> context.getEndpoint("validate:v").createProducer())
                .hasMessage("Validator 'v': option rules is required, a bean with a JSON array.");
    }

    private void bind(String name, String json) throws Exception {
        context.getRegistry().bind(name, new ObjectMapper().readTree(json));
    }
}
