package io.streamforge.routes.uplink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.UndecodableException;
import io.streamforge.routes.LogKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a batch as {@code {"records":[{topic, partition, offset, key, value}, …]}}, in several requests where one would be large. A batch that
 * failed half-way comes again in full: the control plane tells records by their place.
 */
final class UplinkProducer extends DefaultProducer {

    private static final Logger LOG = LoggerFactory.getLogger(UplinkProducer.class);
    /** Bytes after which a request is full; it exceeds them by its last record at most. */
    private static final int FULL = 512 * 1024;

    private static final byte[] BEGIN = "{\"records\":[".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "]}".getBytes(StandardCharsets.UTF_8);

    private final String name;
    private final UplinkComponent.Post post;
    private @Nullable RecordJson json;

    UplinkProducer(Endpoint endpoint, String name, UplinkComponent.Post post) {
        super(endpoint);
        this.name = name;
        this.post = post;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch batch = exchange.getMessage().getMandatoryBody(Batch.class);
        if (json == null) {
            json = new RecordJson(new Decoder(CamelContextHelper.mandatoryFindSingleByType(
                    getEndpoint().getCamelContext(), SchemaRegistry.class)));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < batch.size(); i++) {
            ObjectNode value = render(json, batch, i);
            if (value != null) {
                body.writeBytes(body.size() == 0 ? BEGIN : new byte[] {','});
                body.writeBytes(bytes(ControlPlane.JSON
                        .createObjectNode()
                        .put("topic", batch.topic())
                        .put("partition", batch.partition(i))
                        .put("offset", batch.offset(i))
                        .put("key", batch.key(i) == null ? "" : new String(batch.key(i), StandardCharsets.UTF_8))
                        .set("value", value)));
            }
            if (body.size() > 0 && (i + 1 == batch.size() || body.size() >= FULL)) {
                body.writeBytes(END);
                post.post(name, body.toByteArray());
                body.reset();
            }
        }
    }

    /** What nobody wrote that we know cannot be handed on; it stays in the stream. */
    private @Nullable ObjectNode render(RecordJson json, Batch batch, int index) {
        try {
            return json.render(batch.value(index));
        } catch (UndecodableException e) {
            LOG.atWarn()
                    .addKeyValue(
                            LogKeys.RECORD,
                            "%s-%d-%d".formatted(batch.topic(), batch.partition(index), batch.offset(index)))
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("A record cannot be read and stays in the stream without reaching the control plane");
            return null;
        }
    }

    private static byte[] bytes(Object node) throws JsonProcessingException {
        return ControlPlane.JSON.writeValueAsBytes(node);
    }
}
