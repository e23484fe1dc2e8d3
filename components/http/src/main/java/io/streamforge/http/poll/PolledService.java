package io.streamforge.http.poll;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.adapter.payload.PayloadBook;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.model.Observation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * One service. A document that has not changed since the stream took it is not sent again by a service that knows conditional
 * requests (RFC 9110 §13), and says nothing new.
 */
final class PolledService implements PolledDevice {

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private static final String TOKEN = "token";

    private final PollConfig config;
    private final Clock clock;
    private final PayloadBook book;
    private final Pace pace;
    private final DeviceState state;
    private final Backoff delays;
    private final ServiceLink link;
    private final AccessToken token;
    private final CountDownLatch closed = new CountDownLatch(1);

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
        this.link = new ServiceLink(config, clock);
        this.token = new AccessToken(clock);
        this.delays = new Backoff(FIRST_DELAY, config.retryMaxDelay());
    }

    @Override
    public List<Observation> poll() throws InterruptedException {
        if (System.nanoTime() - nextAttempt < 0) {
            return down();
        }
        Answer answer = ask();
        for (int again = 0; up && again < config.retries() && mayPass(answer); again++) {
            if (closed.await(delays.next(), TimeUnit.NANOSECONDS)) {
                return List.of();
            }
            answer = ask();
        }
        if (closed.getCount() == 0) {
            return List.of();
        }
        if (answer instanceof Answer.Document document) {
            return read(document);
        }
        if (answer instanceof Answer.Failure failure) {
            return fail(failure);
        }
        answered();
        return told;
    }

    private static boolean mayPass(Answer answer) {
        return answer instanceof Answer.Failure failure && failure.passing() && failure.wish() == Answer.NO_WISH;
    }

    private List<Observation> read(Answer.Document document) {
        long unusable = book.unusable();
        try {
            book.read(document.bytes(), document.received());
        } catch (IOException e) {
            return fail(Answer.Failure.of("value", "value: the answer is " + e.getMessage(), false));
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

    private List<Observation> fail(Answer.Failure failure) {
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

    /** Asks, where the service wants one with a token; a token that it does not take any more is asked for anew, once. */
    private Answer ask() throws InterruptedException {
        if (!config.grant().given()) {
            return get();
        }
        boolean kept = token.valid();
        Answer answer = kept ? get() : askWithNewToken();
        return kept && unauthorized(answer) ? askWithNewToken() : answer;
    }

    private Answer askWithNewToken() throws InterruptedException {
        Answer granted = link.ask(config.grant().request(), AccessToken::refusal);
        if (granted instanceof Answer.Document document) {
            try {
                token.take(document.bytes());
                Answer answer = get();
                if (unauthorized(answer)) {
                    token.forget();
                }
                return answer;
            } catch (IOException e) {
                return noToken(Answer.Failure.of(TOKEN, String.valueOf(e.getMessage()), false));
            }
        }
        return noToken(
                granted instanceof Answer.Failure refused
                        ? refused
                        : Answer.Failure.of(TOKEN, "the answer has no access_token", false));
    }

    private Answer.Failure noToken(Answer.Failure why) {
        state.error(TOKEN);
        return new Answer.Failure(0, TOKEN, TOKEN + ": " + why.reason(), why.passing(), why.wish());
    }

    private static boolean unauthorized(Answer answer) {
        return answer instanceof Answer.Failure failure && failure.status() == HttpStatus.SC_UNAUTHORIZED;
    }

    private Answer get() throws InterruptedException {
        if (!pace.begin()) {
            return Answer.Failure.of("connection", "connection: stopped", false);
        }
        long asked = System.nanoTime();
        Answer answer = link.ask(request());
        pace.end();
        Answer.Failure failure = answer instanceof Answer.Failure found ? found : null;
        if (failure == null || failure.status() > 0) {
            state.answer(System.nanoTime() - asked);
        }
        if (failure != null) {
            state.error(failure.code());
        }
        return answer;
    }

    private HttpGet request() {
        HttpGet request = new HttpGet(config.url());
        config.headers().forEach(request::addHeader);
        for (Header secret : Arrays.asList(config.credentials().header(), token.header())) {
            if (secret != null) {
                request.setHeader(secret);
            }
        }
        if (etag != null) {
            request.setHeader(HttpHeaders.IF_NONE_MATCH, etag);
        }
        if (lastModified != null) {
            request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, lastModified);
        }
        return request;
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
        link.close();
    }
}
