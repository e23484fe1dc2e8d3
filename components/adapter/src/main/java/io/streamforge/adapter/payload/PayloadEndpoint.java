package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.OptionErrors;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs another endpoint as a source and finds readings in the JSON that it hands over: each of its exchanges becomes one with a
 * {@code List<Observation>}, which is what the adapter's stage takes. Options that are not its own are the other endpoint's.
 */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "payload",
        title = "Payload mapping",
        syntax = "payload:source",
        consumerOnly = true,
        lenientProperties = true)
public final class PayloadEndpoint extends DefaultEndpoint {

    @UriPath(description = "URI of the endpoint that reads, without its options.")
    private final String source;

    private final Map<String, Object> options;

    @UriParam(description = "The mapping, as a bean reference.")
    private final JsonNode points;

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private final String epochUnit;

    private @Nullable PayloadMapping mapping;
    private @Nullable Endpoint reading;

    PayloadEndpoint(
            String uri,
            PayloadComponent component,
            String source,
            Map<String, Object> options,
            JsonNode points,
            String epochUnit) {
        super(uri, component);
        this.source = source;
        this.options = options;
        this.points = points;
        this.epochUnit = epochUnit;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        OptionErrors errors = new OptionErrors();
        EpochUnit unit = errors.choice("epochUnit", epochUnit, EpochUnit.values(), EpochUnit::key)
                .orElse(EpochUnit.MS);
        errors.throwIfAny("Payload of '%s'".formatted(source));
        mapping = PayloadMapping.of("Payload points", points, Set.of(), unit);
        reading =
                getCamelContext().getEndpoint(source + "?" + URISupport.createQueryString(asTheyStand(options), false));
    }

    /** A Kamelet takes its options as they stand in its URI, and would hand on an address that is encoded. What would end an option is marked as raw. */
    private static Map<String, Object> asTheyStand(Map<String, Object> options) {
        Map<String, Object> raw = new TreeMap<>(options);
        raw.replaceAll((name, value) -> value instanceof String text && text.contains("&")
                ? (text.contains(")") ? "RAW{%s}" : "RAW(%s)").formatted(text)
                : value);
        return raw;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PayloadMapping table = mapping;
        Endpoint from = reading;
        if (table == null || from == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        PayloadConsumer consumer = new PayloadConsumer(this, processor, from, table, Clock.systemUTC());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("payload: maps what a source reads; it cannot be used in to.");
    }

    /** Options of the other endpoint are in its URI, too. */
    @Override
    public boolean isLenientProperties() {
        return true;
    }
}
