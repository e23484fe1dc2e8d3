package io.streamforge.controlplane.access;

import java.util.Optional;

/** Finds the user of a session. */
public interface UserLookup {

    /** @param token as the client sent it */
    Optional<User> bySessionToken(String token);
}
