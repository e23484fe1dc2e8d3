package io.streamforge.controlplane.methods;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Asks a gateway to call a method.
 *
 * @param arguments a number, flag or text for each, by name, or an array of them where the row says that it is a list
 */
record MethodCall(
        @NotBlank String gatewayId,
        @NotBlank String assetId,
        @NotBlank String method,
        @NotNull Map<String, JsonNode> arguments) {

    /** As the audit and messages name the method. */
    String name() {
        return gatewayId + "/" + assetId + "/" + method;
    }
}
