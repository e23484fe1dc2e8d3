package io.streamforge.opcua;

import io.streamforge.model.Quality;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;

/** Status codes as qualities and as operators read them (OPC 10000-4 §7.39). */
final class Codes {

    private static final long NAMED_BITS = 0xFFFF0000L;

    private Codes() {}

    /** For what Milo throws where an answer is of another type than it takes for granted; as every reason, a clause. */
    static String misunderstood(OpcUaConfig config, RuntimeException e) {
        return "protocol: an answer from %s is not as it must be: %s".formatted(config.url(), e.getMessage());
    }

    static Quality quality(StatusCode status) {
        if (status.isGood()) {
            return Quality.GOOD;
        }
        return status.isUncertain() ? Quality.UNCERTAIN : Quality.BAD;
    }

    /** Code and name: {@code 0x808C0000 Bad_SensorFailure}. */
    static String text(StatusCode status) {
        return text(status.value());
    }

    static String text(long code) {
        return StatusCodes.lookup(code)
                .map(known -> "0x%08X %s".formatted(code & NAMED_BITS, known[0]))
                .orElseGet(() -> "0x%08X".formatted(code));
    }
}
