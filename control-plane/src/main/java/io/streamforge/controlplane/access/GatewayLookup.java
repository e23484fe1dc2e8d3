package io.streamforge.controlplane.access;

import java.util.Optional;

/** Says where a gateway stands, asked on each of its requests. */
public interface GatewayLookup {

    /** Empty for one that is not known, or no longer. */
    Optional<Standing> standing(String gatewayId);

    /**
     * @param admitted approved and not revoked
     * @param thumbprint RFC 7638 thumbprint of its key, base64url
     */
    record Standing(boolean admitted, String thumbprint) {}
}
