package io.streamforge.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The key that a sender must show. Kept and compared as a digest: the comparison takes the same time whatever was sent, and no message can hold it. */
final class ApiKey {

    /** A shorter key can be guessed over the network. */
    static final int SHORTEST = 16;

    private final byte[] digest;

    /** @throws IllegalArgumentException if it is too short */
    ApiKey(String key) {
        if (key.length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "HTTP source: apiKey must have at least %d characters, got %d.".formatted(SHORTEST, key.length()));
        }
        digest = digest(key);
    }

    /**
     * True if a request shows this key.
     *
     * @param header value of {@code X-Api-Key}, or null
     * @param authorization value of {@code Authorization}: {@code Bearer <key>}, or {@code Token <key>} as InfluxDB's clients write it; or null
     */
    boolean isShownBy(@Nullable String header, @Nullable String authorization) {
        String shown = "";
        if (header != null) {
            shown = header;
        } else if (authorization != null) {
            int space = authorization.indexOf(' ');
            String scheme = authorization.substring(0, Math.max(0, space));
            if (scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("Token")) {
                shown = authorization.substring(space + 1).strip();
            }
        }
        return MessageDigest.isEqual(digest, digest(shown));
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
