package io.streamforge.controlplane.methods;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A method that a device said it has carried out; a gateway's result of the command {@code call-method}.
 *
 * @param outputs what it gave back, in its order
 * @param at when it was called, by the gateway's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record MethodCalled(List<Output> outputs, Instant at) {

    /** @param value a number, flag or text; null if there is none that can be shown */
    record Output(String name, @Nullable JsonNode value) {}
}
