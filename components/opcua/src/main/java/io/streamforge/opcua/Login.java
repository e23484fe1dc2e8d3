package io.streamforge.opcua;

import java.util.Locale;

/** How the session identifies its user. */
enum Login {
    ANONYMOUS,
    /** By name and password. */
    USER,
    /** By the gateway's own certificate. */
    CERTIFICATE;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
