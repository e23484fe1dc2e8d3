package io.streamforge.http.poll;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** The header by which a service knows who asks; it appears in no text. */
final class Credentials {

    private final @Nullable Header header;

    /**
     * @param username for HTTP Basic with the secret as password; empty if the secret is the header's value
     * @param secret empty for none
     * @param secretHeader the header that carries the secret if there is no user name
     */
    Credentials(String username, String secret, String secretHeader) {
        if (!username.isEmpty()) {
            String pair =
                    Base64.getEncoder().encodeToString((username + ":" + secret).getBytes(StandardCharsets.UTF_8));
            header = new BasicHeader(HttpHeaders.AUTHORIZATION, "Basic " + pair, true);
        } else {
            header = secret.isEmpty() ? null : new BasicHeader(secretHeader, secret, true);
        }
    }

    @Nullable
    Header header() {
        return header;
    }

    @Override
    public String toString() {
        return "Credentials";
    }
}
