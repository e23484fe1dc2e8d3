package io.streamforge.model;

/**
 * Where a reading comes from: the {@code metadata} of a record.
 *
 * @param gatewayId the gateway's id, as the control plane knows it
 * @param adapterId the adapter's id within the deployment
 * @param adapterVersion the connector with its version, for instance {@code modbus-tcp-source@1}
 * @param revision the deployment revision that ran
 * @param epoch number of the adapter's start on this gateway: persisted, only ever rising
 */
public record Origin(String gatewayId, String adapterId, String adapterVersion, long revision, long epoch) {

    /** Only the gateway is known: of a record that cannot be read. */
    public static Origin of(String gatewayId) {
        return new Origin(gatewayId, "", "", 0, 0);
    }
}
