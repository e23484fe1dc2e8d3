package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.OptionErrors;
import java.time.Clock;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Finds readings in a JSON body of whatever source, and makes a {@code List<Observation>} of it, which is what the adapter's stage takes. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "payload",
        title = "Payload mapping",
        syntax = "payload:name",
        producerOnly = true)
public final class PayloadEndpoint extends DefaultEndpoint {

    @UriPath(description = "How logs name the source.")
    private final String name;

    @UriParam(description = "The mapping, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private String epochUnit = EpochUnit.MS.key();

    private @Nullable PayloadMapping mapping;

    PayloadEndpoint(String uri, PayloadComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        OptionErrors errors = new OptionErrors();
        EpochUnit unit = errors.choice("epochUnit", epochUnit, EpochUnit.values(), EpochUnit::key)
                .orElse(EpochUnit.MS);
        errors.throwIfAny("Payload '%s'".formatted(name));
        mapping = PayloadMapping.of("Payload points", points, Set.of(), unit);
    }

    @Override
    public Producer createProducer() {
        PayloadMapping table = mapping;
        if (table == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        return new PayloadProducer(this, name, table, Clock.systemUTC());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("payload: maps what others read; it cannot be used in from.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setEpochUnit(String epochUnit) {
        this.epochUnit = epochUnit;
    }
}
