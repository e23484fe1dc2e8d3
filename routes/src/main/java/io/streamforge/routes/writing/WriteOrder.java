package io.streamforge.routes.writing;

import io.streamforge.model.Value;
import java.time.Instant;

/**
 * One value that somebody wants written.
 *
 * @param id the same order never writes twice
 * @param asset of the point
 * @param parameter the point's name
 * @param value in the point's own unit
 * @param by the user
 * @param expiresAt not to be written after this, by the gateway's clock
 */
public record WriteOrder(
        String id, String adapterId, String asset, String parameter, Value value, String by, Instant expiresAt)
        implements Order {}
