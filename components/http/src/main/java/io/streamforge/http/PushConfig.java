package io.streamforge.http;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.TlsFiles;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one adapter listens and how much it takes. Reports everything that is wrong with it at once.
 *
 * @param host address to listen on
 * @param port TCP port, 1–65535, or 0 for any that is free
 * @param path of the request, begins with a slash
 * @param tls the own certificate, and the authorities of those that senders must show, if they must; null without TLS
 * @param maxBodyBytes largest body, 1 KiB–16 MiB
 * @param maxReadings most readings in one request, 1–100,000
 * @param maxRequests most requests that are received or wait for the stream at a time, 1–1000
 * @param acknowledgeTimeout longest time from a request's head to its answer, 100 ms–60 s
 */
record PushConfig(
        String host,
        int port,
        String path,
        @Nullable TlsFiles tls,
        int maxBodyBytes,
        int maxReadings,
        int maxRequests,
        Duration acknowledgeTimeout,
        Mapping mapping) {

    /** What an endpoint takes where nothing is said; kamelets/http-source says the same. */
    static final int DEFAULT_MAX_BODY_BYTES = 1_048_576;

    static final int DEFAULT_MAX_READINGS = 5_000;
    static final int DEFAULT_MAX_REQUESTS = 32;
    static final int MOST_REQUESTS = 1000;
    static final long DEFAULT_ACKNOWLEDGE_TIMEOUT_MS = 10_000;

    PushConfig {
        OptionErrors errors = new OptionErrors();
        errors.notBlank("host", host);
        errors.range("port", port, 0, 65535);
        if (!path.matches("/[A-Za-z0-9._~/-]*")) {
            errors.add("path must begin with a slash and hold letters, digits and . _ ~ - / only, got '%s'"
                    .formatted(path));
        }
        errors.range("maxBodyBytes", maxBodyBytes, 1024, 16_777_216);
        errors.range("maxReadings", maxReadings, 1, 100_000);
        errors.range("maxRequests", maxRequests, 1, MOST_REQUESTS);
        errors.range("acknowledgeTimeoutMs", acknowledgeTimeout.toMillis(), 100, 60_000);
        Set<String> fields = new HashSet<>();
        for (String field :
                List.of(mapping.asset(), mapping.parameter(), mapping.value(), mapping.unit(), mapping.timestamp())) {
            if (field.isBlank() || !fields.add(field)) {
                errors.add(
                        "assetField, parameterField, valueField, unitField and timestampField must be different names, got '%s' %s"
                                .formatted(field, field.isBlank() ? "for one of them" : "twice"));
            }
        }
        errors.throwIfAny("HTTP source %s:%d%s".formatted(host, port, path));
    }

    /** Host and port, as logs and messages name the listener. */
    String address() {
        return host + ":" + port;
    }
}
