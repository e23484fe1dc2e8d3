package io.streamforge.controlplane.access;

/**
 * The gateway a request comes from, proved by its token and its key.
 *
 * @param thumbprint RFC 7638 thumbprint of the key, base64url
 */
public record GatewayIdentity(String id, String thumbprint) {}
