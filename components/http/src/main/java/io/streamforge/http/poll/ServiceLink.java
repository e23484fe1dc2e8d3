package io.streamforge.http.poll;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.impl.EnglishReasonPhraseCatalog;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** The only connection to a service, and what comes of a request over it. May be closed while it waits. */
final class ServiceLink implements AutoCloseable {

    /** A service that asks for more patience is asked again nevertheless. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);

    private static final int FIRST_BEYOND = 600;
    private static final int CHUNK = 8192;

    private final PollConfig config;
    private final Clock clock;
    /** Made by the first request, and anew after a failure of TLS: the files may be others then. */
    private volatile @Nullable CloseableHttpClient client;

    private volatile @Nullable HttpUriRequestBase underWay;
    private volatile boolean closed;

    ServiceLink(PollConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    Answer ask(HttpUriRequestBase request) {
        return ask(request, null);
    }

    /** @param refusal what the body of a failure says, empty for nothing; null if nobody asks */
    Answer ask(HttpUriRequestBase request, @Nullable Function<byte[], String> refusal) {
        underWay = request;
        if (closed) {
            request.cancel();
        }
        long deadline = System.nanoTime() + config.timeout().toNanos();
        try {
            return client().execute(request, response -> answer(response, deadline, refusal));
        } catch (IOException | RuntimeException e) {
            // The client's parser refuses some answers, a status of 0 among them, with an IllegalArgumentException.
            if (e instanceof SSLException) {
                dropClient();
            }
            return failure(e, request.getAuthority().getHostName());
        } finally {
            underWay = null;
        }
    }

    private CloseableHttpClient client() throws IOException {
        CloseableHttpClient open = client;
        if (open == null) {
            open = ServiceClient.of(config);
            client = open;
            if (closed) {
                dropClient();
            }
        }
        return open;
    }

    private void dropClient() {
        CloseableHttpClient open = client;
        client = null;
        if (open != null) {
            open.close(CloseMode.IMMEDIATE);
        }
    }

    private Answer answer(ClassicHttpResponse response, long deadline, @Nullable Function<byte[], String> refusal)
            throws IOException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        if (status == HttpStatus.SC_NOT_MODIFIED) {
            return new Answer.Unchanged();
        }
        if (status < HttpStatus.SC_SUCCESS || status >= HttpStatus.SC_REDIRECTION || entity == null) {
            String code = named(status);
            String why = refusal == null || entity == null ? "" : refusal.apply(body(entity, deadline));
            return new Answer.Failure(
                    status,
                    code,
                    "http: " + code + (why.isEmpty() ? "" : ", " + why),
                    status >= HttpStatus.SC_SERVER_ERROR
                            || status == HttpStatus.SC_TOO_MANY_REQUESTS
                            || status == HttpStatus.SC_REQUEST_TIMEOUT,
                    wish(response));
        }
        byte[] bytes = body(entity, deadline);
        return new Answer.Document(
                bytes, now(), value(response, HttpHeaders.ETAG), value(response, HttpHeaders.LAST_MODIFIED));
    }

    /** The code with its name, if RFC 9110 §15 may have one for it. */
    private static String named(int status) {
        boolean known = status >= HttpStatus.SC_CONTINUE && status < FIRST_BEYOND;
        String phrase = known ? EnglishReasonPhraseCatalog.INSTANCE.getReason(status, Locale.ENGLISH) : null;
        return phrase == null ? String.valueOf(status) : status + " " + phrase;
    }

    /** The body, if it is not too large and does not drip. */
    private byte[] body(HttpEntity entity, long deadline) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = entity.getContent()) {
            for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
                body.write(chunk, 0, size);
                if (body.size() > config.maxBodyBytes()) {
                    throw new TooLargeException("the answer has more than %d bytes".formatted(config.maxBodyBytes()));
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new SocketTimeoutException();
                }
            }
        }
        return body.toByteArray();
    }

    /** The answer is larger than it may be. */
    private static final class TooLargeException extends IOException {
        TooLargeException(String message) {
            super(message);
        }
    }

    private Answer.Failure failure(Exception e, String host) {
        if (e instanceof TooLargeException) {
            return Answer.Failure.of("size", "size: " + e.getMessage(), false);
        }
        if (e instanceof SocketTimeoutException) {
            return Answer.Failure.of(
                    "timeout",
                    "timeout: no whole answer within %d ms"
                            .formatted(config.timeout().toMillis()),
                    true);
        }
        if (e instanceof UnknownHostException) {
            return Answer.Failure.of("connection", "connection: host '%s' is not known".formatted(host), true);
        }
        String kind = e instanceof SSLException ? "tls" : e instanceof RuntimeException ? "protocol" : "connection";
        return Answer.Failure.of(kind, kind + ": " + e.getMessage(), true);
    }

    /** RFC 9110 §10.2.3: seconds, or a date. */
    private long wish(ClassicHttpResponse response) {
        String wanted = value(response, HttpHeaders.RETRY_AFTER);
        if (wanted == null) {
            return Answer.NO_WISH;
        }
        Instant date = DateUtils.parseStandardDate(wanted);
        long seconds = wanted.matches("\\d{1,9}")
                ? Long.parseLong(wanted)
                : date == null ? Answer.NO_WISH : Duration.between(now(), date).toSeconds();
        return Duration.ofSeconds(Math.max(Answer.NO_WISH, Math.min(seconds, LONGEST_WISH.toSeconds())))
                .toNanos();
    }

    private static @Nullable String value(ClassicHttpResponse response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        closed = true;
        HttpUriRequestBase request = underWay;
        if (request != null) {
            request.cancel();
        }
        dropClient();
    }
}
