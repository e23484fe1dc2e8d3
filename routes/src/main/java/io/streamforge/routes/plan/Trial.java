package io.streamforge.routes.plan;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway remembers of the plan it tried last, so that neither a plan that kills the process nor one that was refused is tried
 * for ever.
 *
 * @param hash the plan's hash
 * @param revision the plan's revision
 * @param attempts how often it was begun, at least 1
 * @param reason why it was rejected, or null while it is not
 */
public record Trial(
        String hash, long revision, int attempts, @Nullable String reason) {}
