package io.streamforge.http.poll;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/**
 * What is asked for, and how. Reports everything that is wrong with it at once.
 *
 * @param url http or https, with its query
 * @param headers sent along with every request
 * @param grant for a token that is shown beside or instead of the credentials
 * @param tls whom it trusts and who it says it is over https
 * @param pollInterval from the start of one poll to the start of the next, 100 ms to a day
 * @param timeout for connecting, and for the whole answer, 100 ms to a minute
 * @param ceiling most requests in a second, retries among them, 0 for any number
 * @param retries how often a poll of a service that was up tries once more, 0–5
 * @param retryMaxDelay cap of the delay between attempts, at least 100 ms
 * @param maxBodyBytes largest answer, 1 KiB–16 MiB
 * @param epochUnit of timestamps that are numbers
 */
record PollConfig(
        URI url,
        List<Header> headers,
        Credentials credentials,
        TokenGrant grant,
        TlsFiles tls,
        Duration pollInterval,
        Duration timeout,
        int ceiling,
        int retries,
        Duration retryMaxDelay,
        int maxBodyBytes,
        EpochUnit epochUnit) {

    /** What an endpoint and a test take where nothing is said; kamelets/http-poll-source says the same. */
    static final long DEFAULT_POLL_INTERVAL_MS = 10_000;

    static final long DEFAULT_TIMEOUT_MS = 5_000;
    static final int DEFAULT_RETRIES = 2;
    static final long DEFAULT_RETRY_MAX_DELAY_MS = 30_000;
    static final int DEFAULT_MAX_BODY_BYTES = 1_048_576;
    static final String DEFAULT_SECRET_HEADER = "Authorization";

    /** RFC 9110 §5.6.2 and §5.5, without the characters that divide headers here. */
    private static final Pattern HEADER =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~A-Za-z0-9-]+)\\s*:\\s*([\\x20-\\x7E]*?)\\s*");

    PollConfig {
        headers = List.copyOf(headers);
    }

    /**
     * @param headers {@code Name: value}, divided by semicolons
     * @throws IllegalArgumentException with all that is wrong
     */
    static PollConfig of(
            String url,
            String headers,
            Credentials credentials,
            TokenGrant grant,
            TlsFiles tls,
            long pollIntervalMs,
            long timeoutMs,
            int maxRequestsPerSecond,
            int retries,
            long retryMaxDelayMs,
            int maxBodyBytes,
            String epochUnit) {
        OptionErrors errors = new OptionErrors();
        URI uri = uri("url", url, errors);
        List<Header> sent = new ArrayList<>();
        for (String header : headers.isBlank() ? new String[0] : headers.split(";")) {
            Matcher parts = HEADER.matcher(header);
            if (parts.matches()) {
                sent.add(new BasicHeader(parts.group(1), parts.group(2)));
            } else {
                errors.add("headers must be 'Name: value', divided by semicolons, got '%s'".formatted(header.strip()));
            }
        }
        grant.check(errors, credentials);
        errors.range("pollIntervalMs", pollIntervalMs, 100, 86_400_000);
        errors.range("timeoutMs", timeoutMs, 100, 60_000);
        Pace.check(errors, maxRequestsPerSecond);
        errors.range("retries", retries, 0, 5);
        errors.range("retryMaxDelayMs", retryMaxDelayMs, 100, 3_600_000);
        errors.range("maxBodyBytes", maxBodyBytes, 1024, 16_777_216);
        EpochUnit unit = errors.choice("epochUnit", epochUnit, EpochUnit.values(), EpochUnit::key)
                .orElse(EpochUnit.MS);
        errors.throwIfAny("HTTP service " + uri.getRawAuthority());
        return new PollConfig(
                uri,
                sent,
                credentials,
                grant,
                tls,
                Duration.ofMillis(pollIntervalMs),
                Duration.ofMillis(timeoutMs),
                maxRequestsPerSecond,
                retries,
                Duration.ofMillis(retryMaxDelayMs),
                maxBodyBytes,
                unit);
    }

    /** A URL's user info is refused, not shown: it may be a password. */
    static URI uri(String option, String url, OptionErrors errors) {
        try {
            URI uri = new URI(url);
            boolean http = Arrays.asList("http", "https").contains(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
            errors.add(option + " must begin with http:// or https:// and a host, without a user");
        } catch (URISyntaxException e) {
            errors.add("%s must be a URL, got one with an error at its character %d: %s"
                    .formatted(option, e.getIndex() + 1, e.getReason()));
        }
        return URI.create("http://-");
    }

    /** As logs and messages name the service: without path and query, which may hold what is nobody's business. */
    String service() {
        return url.getRawAuthority();
    }
}
