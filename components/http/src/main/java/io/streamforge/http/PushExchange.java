package io.streamforge.http;

import io.streamforge.adapter.Arrival;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.Scalars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.ResponseChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its head to its answer. It is received by the listener's thread; whoever comes first answers it: that thread, the one that
 * delivers, or the timer. A refused request's body is read to its end and dropped, so that its connection stays usable.
 */
final class PushExchange implements AsyncServerExchangeHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PushExchange.class);

    private final HttpListener listener;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int received;
    private volatile boolean complete;
    private volatile @Nullable Arrival arrival;
    private @Nullable ResponseChannel channel;
    private @Nullable HttpContext context;
    private @Nullable HttpPushConsumer consumer;
    private @Nullable Refusal refused;
    private @Nullable Format format;
    private EpochUnit precision = EpochUnit.NS;
    private @Nullable ScheduledFuture<?> timer;
    private volatile @Nullable Runnable whenAnswered;
    private @Nullable ByteBuffer output;

    /** The sender wants the connection to end with the answer. The library does not end it if something came behind the request. */
    private boolean last;

    PushExchange(HttpListener listener) {
        this.listener = listener;
    }

    @Override
    public void handleRequest(
            HttpRequest request, @Nullable EntityDetails entity, ResponseChannel channel, HttpContext context)
            throws HttpException, IOException {
        this.channel = channel;
        this.context = context;
        this.last = "close".equalsIgnoreCase(header(request, "Connection"));
        String target = request.getPath();
        int query = target.indexOf('?');
        HttpPushConsumer found = listener.at(query < 0 ? target : target.substring(0, query));
        consumer = found;
        if (found == null) {
            refused = Refusal.of(404, "No adapter takes readings at this path.");
        } else {
            timer = listener.after(found.config().acknowledgeTimeout().toMillis(), this::tooLate);
            refused = check(request, found, query < 0 ? "" : target.substring(query + 1));
            if (entity != null && entity.getContentLength() > found.config().maxBodyBytes()) {
                refused = refused == null ? found.tooLarge() : refused;
                answer(refused);
            }
        }
        if (entity == null) {
            streamEnd(List.of());
        }
    }

    private @Nullable Refusal check(HttpRequest request, HttpPushConsumer found, String query) {
        if (!found.isKeyShown(header(request, "X-Api-Key"), header(request, "Authorization"))) {
            return Refusal.of(401, "Show the adapter's key as X-Api-Key, or as Authorization: Bearer.");
        }
        if (!request.getMethod().equals("POST")) {
            return Refusal.of(
                    405,
                    "Readings are posted: the method must be POST, got %s."
                            .formatted(Scalars.shown(request.getMethod())));
        }
        format = Format.of(header(request, "Content-Type")).orElse(null);
        if (format == null) {
            return Refusal.of(
                    415,
                    "Content-Type must be one of %s, got '%s'."
                            .formatted(Format.known(), Scalars.shown(String.valueOf(header(request, "Content-Type")))));
        }
        if (header(request, "Content-Encoding") != null) {
            return Refusal.of(415, "The body must not be compressed: leave Content-Encoding out.");
        }
        for (String parameter : query.split("&")) {
            if (parameter.startsWith("precision=")) {
                String wanted = parameter.substring("precision=".length());
                EpochUnit unit = EpochUnit.of(wanted).orElse(null);
                if (unit == null) {
                    return Refusal.of(
                            400, "precision must be one of s, ms, us, ns, got '%s'.".formatted(Scalars.shown(wanted)));
                }
                precision = unit;
            }
        }
        Runnable release = found.admit();
        if (release == null) {
            return Refusal.of(
                    429,
                    "%d requests are under way already, the most that this adapter takes at a time."
                            .formatted(found.config().maxRequests()));
        }
        whenAnswered = release;
        return null;
    }

    private static @Nullable String header(HttpRequest request, String name) {
        Header header = request.getFirstHeader(name);
        return header == null ? null : header.getValue();
    }

    @Override
    public void updateCapacity(CapacityChannel capacity) throws IOException {
        capacity.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer source) {
        int length = source.remaining();
        received += length;
        HttpPushConsumer taker = consumer;
        if (taker != null && received > taker.config().maxBodyBytes()) {
            Refusal before = refused;
            answer(before == null ? taker.tooLarge() : before);
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        if (refused == null && !answered.get()) {
            body.writeBytes(bytes);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        complete = true;
        Refusal refusal = refused;
        HttpPushConsumer taker = consumer;
        Format shape = format;
        if (refusal != null || taker == null || shape == null) {
            answer(refusal == null ? Refusal.of(404, "No adapter takes readings at this path.") : refusal);
        } else if (!answered.get()) {
            byte[] received = body.toByteArray();
            body.reset();
            taker.received(this, shape, received, precision);
        }
    }

    private void tooLate() {
        HttpPushConsumer taker = consumer;
        if (taker != null) {
            withdraw(taker);
            answer(
                    complete
                            ? Refusal.of(
                                    503,
                                    "The stream did not take the readings within %d ms: send them again with the same timestamps."
                                            .formatted(taker.config()
                                                    .acknowledgeTimeout()
                                                    .toMillis()))
                            : Refusal.of(
                                    408,
                                    "The body did not arrive within %d ms."
                                            .formatted(taker.config()
                                                    .acknowledgeTimeout()
                                                    .toMillis())));
        }
    }

    /** What it held waits for the stream from now on. */
    void handOver(Arrival held) {
        arrival = held;
    }

    private void withdraw(HttpPushConsumer taker) {
        Arrival held = arrival;
        if (held != null) {
            taker.withdraw(held);
        }
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** The stream has every reading of the request. */
    void accept(int readings) {
        if (first()) {
            BasicHttpResponse response = new BasicHttpResponse(202);
            respond(
                    response,
                    ContentType.APPLICATION_JSON,
                    "{\"accepted\":%d}".formatted(readings).getBytes(StandardCharsets.UTF_8));
        }
    }

    void answer(Refusal refusal) {
        if (first()) {
            String requestId = UUID.randomUUID().toString();
            LOG.atDebug()
                    .addKeyValue("requestId", requestId)
                    .addKeyValue("reason", refusal.detail())
                    .log("HTTP request was refused");
            HttpPushConsumer taker = consumer;
            if (taker != null) {
                taker.count(refusal);
            }
            BasicHttpResponse response = new BasicHttpResponse(refusal.status());
            if (refusal.passing()) {
                response.setHeader("Retry-After", Refusal.RETRY_AFTER_SECONDS);
            }
            if (refusal.status() == 401) {
                response.setHeader("WWW-Authenticate", "Bearer");
            }
            if (refusal.status() == 405) {
                response.setHeader("Allow", "POST");
            }
            if (!complete) {
                response.setHeader("Connection", "close");
            }
            respond(response, ContentType.APPLICATION_PROBLEM_JSON, refusal.toProblem(requestId));
        }
    }

    /** True once; what the request held is free then. */
    private boolean first() {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        ScheduledFuture<?> waiting = timer;
        if (waiting != null) {
            waiting.cancel(false);
        }
        Runnable release = whenAnswered;
        if (release != null) {
            release.run();
        }
        return true;
    }

    private void respond(HttpResponse response, ContentType type, byte[] content) {
        ResponseChannel to = channel;
        HttpContext in = context;
        if (to == null || in == null) {
            return;
        }
        synchronized (this) {
            output = ByteBuffer.wrap(content);
        }
        try {
            to.sendResponse(response, new BasicEntityDetails(content.length, type), in);
            if (!complete || last) {
                listener.closeSoon(HttpCoreContext.cast(in).getEndpointDetails().getRemoteAddress());
            }
        } catch (HttpException | IOException | RuntimeException e) {
            LOG.atDebug().setCause(e).log("HTTP answer could not be sent");
        }
    }

    @Override
    public int available() {
        synchronized (this) {
            ByteBuffer rest = output;
            return rest == null ? 0 : rest.remaining();
        }
    }

    @Override
    public void produce(DataStreamChannel to) throws IOException {
        synchronized (this) {
            ByteBuffer rest = output;
            if (rest == null) {
                return;
            }
            if (rest.hasRemaining()) {
                to.write(rest);
            }
            if (!rest.hasRemaining()) {
                output = null;
                to.endStream(null);
            }
        }
    }

    /** The sender has gone: what was not handed on is dropped, it will send it again. */
    @Override
    public void failed(Exception cause) {
        if (first()) {
            HttpPushConsumer taker = consumer;
            if (taker != null) {
                withdraw(taker);
            }
        }
    }

    @Override
    public void releaseResources() {
        body.reset();
    }
}
