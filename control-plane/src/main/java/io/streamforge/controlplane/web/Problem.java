package io.streamforge.controlplane.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every answer that is not a success (RFC 9457).
 *
 * @param type stable name of the kind of problem, as a URI
 * @param errors one entry per field that is wrong; empty where no field is to blame
 * @param requestId finds the request in the logs
 */
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        List<FieldProblem> errors,
        String requestId) {}
