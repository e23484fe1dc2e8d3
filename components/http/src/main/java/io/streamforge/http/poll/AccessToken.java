package io.streamforge.http.poll;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** The token that a service is shown (RFC 6750), until shortly before it expires. */
final class AccessToken {

    /** So long before its end a token is not used any more, or a tenth of its life if that is less. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /** One that says that it lives longer is asked for anew nevertheless. */
    private static final Duration LONGEST_LIFE = Duration.ofDays(366);

    private static final int LONGEST_REFUSAL = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock;
    private @Nullable Header header;
    private Instant until = Instant.MIN;

    AccessToken(Clock clock) {
        this.clock = clock;
    }

    boolean valid() {
        return header != null && clock.instant().isBefore(until);
    }

    @Nullable
    Header header() {
        return header;
    }

    void forget() {
        header = null;
    }

    /**
     * Keeps the token of an answer (RFC 6749 §5.1). One that does not say how long it lives is kept until the service refuses it.
     *
     * @throws IOException saying what is wrong with the answer
     */
    void take(byte[] answer) throws IOException {
        JsonNode granted = read(answer);
        String token = granted.path("access_token").asText("");
        String type = granted.path("token_type").asText("");
        if (token.isEmpty()) {
            throw new IOException("the answer has no access_token");
        }
        if (!type.equalsIgnoreCase("Bearer")) {
            throw new IOException("token_type must be Bearer, got '%s'".formatted(type));
        }
        header = new BasicHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token, true);
        if (!granted.hasNonNull("expires_in")) {
            until = Instant.MAX;
            return;
        }
        long seconds = granted.get("expires_in").asLong(0);
        Duration life = Duration.ofSeconds(Math.max(0, Math.min(seconds, LONGEST_LIFE.toSeconds())));
        Duration tenth = life.dividedBy(10);
        until = clock.instant().plus(life).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
    }

    /** What an endpoint says of its refusal (RFC 6749 §5.2), empty if it says nothing that is understood. */
    static String refusal(byte[] answer) {
        try {
            JsonNode refused = read(answer);
            String error = refused.path("error").asText("");
            String why = refused.path("error_description").asText("");
            String text = (why.isEmpty() ? error : error + ": " + why).replaceAll("\\p{Cntrl}+", " ");
            return text.substring(0, Math.min(text.length(), LONGEST_REFUSAL));
        } catch (IOException e) {
            return "";
        }
    }

    private static JsonNode read(byte[] answer) throws IOException {
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new IOException("the answer is not JSON", e);
        }
    }
}
