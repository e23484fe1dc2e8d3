package io.streamforge.controlplane.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One write.
 *
 * @param actor user name, or {@code gateway:<id>}
 * @param action verb such as {@code adapter.update}
 * @param object what it was done to
 * @param detail what changed, never a secret
 */
record AuditEntry(
        long id,
        Instant at,
        String actor,
        String action,
        String object,
        @Nullable ObjectNode detail,
        String requestId) {}
