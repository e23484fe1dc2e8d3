package io.streamforge.http.poll;

import io.streamforge.adapter.OptionErrors;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;

/** What a token is asked for with: client credentials (OAuth 2.0, RFC 6749 §4.4). It appears in no text. */
final class TokenGrant {

    static final TokenGrant NONE = new TokenGrant("", "", "", "");

    private final String url;
    private final String clientId;
    private final String clientSecret;
    private final String scope;

    /**
     * @param url of the token endpoint, empty for no tokens
     * @param scope divided by spaces, empty for the endpoint's own
     */
    TokenGrant(String url, String clientId, String clientSecret, String scope) {
        this.url = url;
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.scope = scope;
    }

    /** False if a service wants no token. */
    boolean given() {
        return !url.isEmpty();
    }

    void check(OptionErrors errors, Credentials credentials) {
        if (!given()) {
            if (!(clientId + clientSecret + scope).isEmpty()) {
                errors.add("clientId, clientSecret and scope must be empty without a tokenUrl");
            }
            return;
        }
        PollConfig.uri("tokenUrl", url, errors);
        errors.notBlank("clientId", clientId);
        errors.notBlank("clientSecret", clientSecret);
        Header other = credentials.header();
        if (other != null && other.getName().equalsIgnoreCase(HttpHeaders.AUTHORIZATION)) {
            errors.add("username and secret must be empty with a tokenUrl, unless secretHeader is not Authorization");
        }
    }

    /** The client shows its id and secret by HTTP Basic, which every token endpoint knows (RFC 6749 §2.3.1). */
    HttpPost request() {
        HttpPost request = new HttpPost(URI.create(url));
        request.setHeader(new Credentials(encoded(clientId), encoded(clientSecret), "").header());
        request.setHeader(HttpHeaders.ACCEPT, "application/json");
        List<NameValuePair> form = new ArrayList<>(List.of(new BasicNameValuePair("grant_type", "client_credentials")));
        if (!scope.isEmpty()) {
            form.add(new BasicNameValuePair("scope", scope));
        }
        request.setEntity(new UrlEncodedFormEntity(form));
        return request;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "TokenGrant";
    }
}
