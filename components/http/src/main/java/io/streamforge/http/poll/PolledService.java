package io.streamforge.http.poll;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.adapter.payload.PayloadBook;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.model.Observation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
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

/**
 * One service and its only connection. A document that has not changed since the stream took it is not sent again by a service that knows conditional
 * requests (RFC 9110 §13), and says nothing new.
 */
final class PolledService implements PolledDevice {

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    /** A service that asks for more patience is asked again nevertheless. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);

    private static final int SOONEST = 0;
    private static final int FIRST_BEYOND = 600;
    private static final int CHUNK = 8192;

    /** What came of one request. */
    private sealed interface Outcome {

        /** @param received when its last byte had come */
        record Document(
                byte[] bytes,
                Instant received,
                @Nullable String etag,
                @Nullable String lastModified) implements Outcome {}

        record Unchanged() implements Outcome {}

        /**
         * @param code as it is counted
         * @param passing whether the next attempt may have more luck
         * @param wish how long the service wants to be left alone, in nanoseconds; 0 if it said nothing
         */
        record Failure(String code, String reason, boolean passing, long wish) implements Outcome {}
    }

    private final PollConfig config;
    private final Clock clock;
    private final PayloadBook book;
    private final Pace pace;
    private final DeviceState state;
    private final Backoff delays;
    /** Made by the first request, and anew after a failure of TLS: the files may be others then. */
    private volatile @Nullable CloseableHttpClient client;

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable HttpGet underWay;

    private @Nullable String etag;
    private @Nullable String lastModified;
    /** What the stream has not confirmed yet. */
    private List<Observation> told = List.of();

    private boolean up = true;
    private long nextAttempt = System.nanoTime();
    private String downReason = "";

    PolledService(PollConfig config, PayloadMapping mapping, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.book = new PayloadBook(mapping);
        this.pace = new Pace(Duration.ZERO, config.ceiling());
        this.state = new DeviceState("HTTP", config.service(), pace);
        this.delays = new Backoff(FIRST_DELAY, config.retryMaxDelay());
    }

    @Override
    public List<Observation> poll() throws InterruptedException {
        if (System.nanoTime() - nextAttempt < 0) {
            return down();
        }
        Outcome outcome = ask();
        for (int again = 0; up && again < config.retries() && mayPass(outcome); again++) {
            if (closed.await(delays.next(), TimeUnit.NANOSECONDS)) {
                return List.of();
            }
            outcome = ask();
        }
        if (closed.getCount() == 0) {
            return List.of();
        }
        if (outcome instanceof Outcome.Document document) {
            return read(document);
        }
        if (outcome instanceof Outcome.Failure failure) {
            return fail(failure);
        }
        answered();
        return told;
    }

    private static boolean mayPass(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure && failure.passing() && failure.wish() == SOONEST;
    }

    private List<Observation> read(Outcome.Document document) {
        long unusable = book.unusable();
        try {
            book.read(document.bytes(), document.received());
        } catch (IOException e) {
            return fail(new Outcome.Failure("value", "value: the answer is " + e.getMessage(), false, SOONEST));
        }
        if (book.unusable() > unusable) {
            state.error("value");
        }
        etag = document.etag();
        lastModified = document.lastModified();
        answered();
        told = book.observations(document.received());
        return told;
    }

    private void answered() {
        up = true;
        delays.reset();
        state.answered(book.points());
    }

    private List<Observation> fail(Outcome.Failure failure) {
        up = false;
        etag = null;
        lastModified = null;
        downReason = failure.reason();
        nextAttempt = System.nanoTime() + Math.max(delays.next(), failure.wish());
        return down();
    }

    private List<Observation> down() {
        book.fail(downReason);
        state.silent(book.points(), downReason);
        return book.observations(now());
    }

    private Outcome ask() throws InterruptedException {
        if (!pace.begin()) {
            return new Outcome.Failure("connection", "connection: stopped", false, SOONEST);
        }
        HttpGet request = new HttpGet(config.url());
        config.headers().forEach(request::addHeader);
        Header credentials = config.credentials().header();
        if (credentials != null) {
            request.setHeader(credentials);
        }
        if (etag != null) {
            request.setHeader(HttpHeaders.IF_NONE_MATCH, etag);
        }
        if (lastModified != null) {
            request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, lastModified);
        }
        underWay = request;
        if (closed.getCount() == 0) {
            request.cancel();
        }
        long asked = System.nanoTime();
        long deadline = asked + config.timeout().toNanos();
        try {
            Outcome outcome = client().execute(request, response -> outcome(response, deadline));
            state.answer(System.nanoTime() - asked);
            return outcome;
        } catch (IOException | RuntimeException e) {
            // The client's parser refuses some answers, a status of 0 among them, with an IllegalArgumentException.
            Outcome.Failure failure = failure(e);
            state.error(failure.code());
            if (e instanceof SSLException) {
                dropClient();
            }
            return failure;
        } finally {
            pace.end();
            underWay = null;
        }
    }

    private CloseableHttpClient client() throws IOException {
        CloseableHttpClient open = client;
        if (open == null) {
            open = ServiceClient.of(config);
            client = open;
            if (closed.getCount() == 0) {
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

    private Outcome outcome(ClassicHttpResponse response, long deadline) throws IOException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        if (status == HttpStatus.SC_NOT_MODIFIED) {
            return new Outcome.Unchanged();
        }
        if (status < HttpStatus.SC_SUCCESS || status >= HttpStatus.SC_REDIRECTION || entity == null) {
            String code = named(status);
            state.error(code);
            return new Outcome.Failure(
                    code,
                    "http: " + code,
                    status >= HttpStatus.SC_SERVER_ERROR
                            || status == HttpStatus.SC_TOO_MANY_REQUESTS
                            || status == HttpStatus.SC_REQUEST_TIMEOUT,
                    wish(response));
        }
        byte[] bytes = body(entity, deadline);
        return new Outcome.Document(
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

    private Outcome.Failure failure(Exception e) {
        if (e instanceof TooLargeException) {
            return new Outcome.Failure("size", "size: " + e.getMessage(), false, SOONEST);
        }
        if (e instanceof SocketTimeoutException) {
            return new Outcome.Failure(
                    "timeout",
                    "timeout: no whole answer within %d ms"
                            .formatted(config.timeout().toMillis()),
                    true,
                    SOONEST);
        }
        if (e instanceof UnknownHostException) {
            return new Outcome.Failure(
                    "connection",
                    "connection: host '%s' is not known".formatted(config.url().getHost()),
                    true,
                    SOONEST);
        }
        String kind = e instanceof SSLException ? "tls" : e instanceof RuntimeException ? "protocol" : "connection";
        return new Outcome.Failure(kind, kind + ": " + e.getMessage(), true, SOONEST);
    }

    /** RFC 9110 §10.2.3: seconds, or a date. */
    private long wish(ClassicHttpResponse response) {
        String wanted = value(response, HttpHeaders.RETRY_AFTER);
        if (wanted == null) {
            return SOONEST;
        }
        Instant date = DateUtils.parseStandardDate(wanted);
        long seconds = wanted.matches("\\d{1,9}")
                ? Long.parseLong(wanted)
                : date == null ? SOONEST : Duration.between(now(), date).toSeconds();
        return Duration.ofSeconds(Math.max(SOONEST, Math.min(seconds, LONGEST_WISH.toSeconds())))
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
    public void confirm() {
        book.points().confirm();
        told = List.of();
    }

    @Override
    public DeviceState state() {
        return state;
    }

    @Override
    public void close() {
        closed.countDown();
        pace.close();
        HttpGet request = underWay;
        if (request != null) {
            request.cancel();
        }
        dropClient();
    }
}
