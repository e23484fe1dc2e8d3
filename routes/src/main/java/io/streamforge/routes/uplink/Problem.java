package io.streamforge.routes.uplink;

import org.jspecify.annotations.Nullable;

/** The control plane did not do what it was asked. */
abstract sealed class Problem extends Exception {

    private Problem(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    private Problem(String message) {
        super(message);
    }

    /** It does not answer. */
    static final class Unreachable extends Problem {
        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** It answers with an error. */
    static final class Refused extends Problem {
        private final int status;
        private final String type;

        /** @param type the problem's type (RFC 9457), empty without one */
        Refused(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }

        int status() {
            return status;
        }

        String type() {
            return type;
        }
    }
}
