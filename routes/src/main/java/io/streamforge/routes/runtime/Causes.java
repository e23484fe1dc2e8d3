package io.streamforge.routes.runtime;

import java.util.ArrayList;
import java.util.List;

/** Turns a chain of exceptions into one sentence that names each cause once. */
final class Causes {

    private Causes() {}

    static String sentence(Throwable failure) {
        List<String> parts = new ArrayList<>();
        for (Throwable cause = failure; cause != null && parts.size() < 4; cause = cause.getCause()) {
            String name = cause.getClass().getSimpleName();
            if (cause.getMessage() == null && parts.stream().anyMatch(part -> part.contains(name))) {
                continue;
            }
            String message =
                    cause.getMessage() == null ? name : cause.getMessage().strip();
            // An outer message often repeats its cause's: keep the more precise of the two.
            parts.removeIf(part -> part.contains(message) || part.isEmpty());
            parts.add(message);
        }
        return String.join(": ", parts);
    }
}
