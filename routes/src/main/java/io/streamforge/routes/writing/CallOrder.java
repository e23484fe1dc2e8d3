package io.streamforge.routes.writing;

import io.streamforge.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One method that somebody wants called.
 *
 * @param id the same order never calls twice
 * @param asset of the method
 * @param parameter the method's name
 * @param arguments by the names that its row gives them; one value, or those of a list
 * @param by the user
 * @param expiresAt not to be called after this, by the gateway's clock
 */
public record CallOrder(
        String id,
        String adapterId,
        String asset,
        String parameter,
        Map<String, List<Value>> arguments,
        String by,
        Instant expiresAt)
        implements Order {}
