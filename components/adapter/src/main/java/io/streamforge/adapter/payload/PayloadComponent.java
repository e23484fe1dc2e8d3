package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** Creates {@code payload:source} endpoints. */
@Component("payload")
public final class PayloadComponent extends DefaultComponent {

    private @Nullable EmbeddedReferences references;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        EmbeddedReferences made = new EmbeddedReferences(getCamelContext());
        getCamelContext().getCamelContextExtension().registerEndpointCallback(made);
        references = made;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        JsonNode points = resolveAndRemoveReferenceParameter(parameters, "points", JsonNode.class);
        String epochUnit = getAndRemoveParameter(parameters, "epochUnit", String.class, EpochUnit.MS.key());
        Map<String, Object> options = new HashMap<>(parameters);
        parameters.clear();
        if (references != null) {
            references.allow(options);
        }
        return new PayloadEndpoint(
                uri, this, remaining, options, points == null ? MissingNode.getInstance() : points, epochUnit);
    }
}
