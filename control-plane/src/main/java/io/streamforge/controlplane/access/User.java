package io.streamforge.controlplane.access;

/**
 * The user a request comes from.
 *
 * @param id key of the user, stable over renames
 * @param sessionId key of the session that proved it, never the token
 */
public record User(long id, String username, Role role, long sessionId) {}
