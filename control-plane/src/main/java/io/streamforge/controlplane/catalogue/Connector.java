package io.streamforge.controlplane.catalogue;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A connector as an integrator chooses it.
 *
 * @param id name of the Kamelet, such as {@code modbus-tcp-source}
 * @param version major version; {@code id@version} is what an adapter refers to
 * @param schema JSON Schema (2020-12) of the parameters
 * @param pointSchema JSON Schema of one point, null where the connector has no points
 * @param example parameters, and points where it has them, that work
 * @param testable whether a gateway can try a connection before anything is deployed
 * @param browsable whether a gateway can list what a device offers
 * @param deviceClock whether the protocol carries the device's time: {@code none} or {@code device}
 */
public record Connector(
        String id,
        String version,
        ConnectorKind kind,
        String title,
        String description,
        ObjectNode schema,
        @Nullable ObjectNode pointSchema,
        @Nullable ObjectNode example,
        boolean testable,
        boolean browsable,
        String deviceClock) {

    /** What an adapter or sink writes to name this connector. */
    public String reference() {
        return id + "@" + version;
    }
}
