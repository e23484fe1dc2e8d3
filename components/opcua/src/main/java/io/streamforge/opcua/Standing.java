package io.streamforge.opcua;

import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the gateway stands with one server: connected or why not, with a sample of each point and a line in the log when that changes. */
final class Standing {

    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    private final OpcUaConfig config;
    private final Book book;
    private final Inbox inbox;
    private final Clock clock;
    private final AtomicLong failedAttempts = new AtomicLong();
    private volatile boolean connected;
    private volatile boolean ending;
    private volatile @Nullable String fault;

    Standing(OpcUaConfig config, Book book, Inbox inbox, Clock clock) {
        this.config = config;
        this.book = book;
        this.inbox = inbox;
        this.clock = clock;
    }

    Book book() {
        return book;
    }

    /** The gateway's clock, in microseconds. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    Inbox inbox() {
        return inbox;
    }

    /** Hands observations over, waiting while the stream is slow. */
    void put(List<Observation> seen) throws InterruptedException {
        if (!seen.isEmpty()) {
            inbox.put(seen);
        }
    }

    /** Requests would be sent now. */
    boolean connected() {
        return connected;
    }

    /** Requests are sent from now on, whatever will come of them. */
    void connecting() {
        connected = true;
    }

    void disconnected() {
        connected = false;
    }

    /** From now on an outage is no news. */
    void ending() {
        ending = true;
    }

    void up() {
        connected = true;
        if (fault != null) {
            LOG.atInfo()
                    .addKeyValue("protocol", "OPC UA")
                    .addKeyValue("address", config.url())
                    .addKeyValue("count", failedAttempts.get())
                    .log("Device is up");
        }
        fault = null;
    }

    /** The connection that stood is gone; Milo looks for it again. */
    void lost() throws InterruptedException {
        book.count("connection");
        down("connection: lost to %s".formatted(config.url()));
    }

    /**
     * An attempt to connect, or a client that was connected, came to nothing.
     *
     * @param code by which it is counted
     */
    void failed(String code, String reason) throws InterruptedException {
        failedAttempts.incrementAndGet();
        book.losses().add(Loss.POLL_FAILED);
        book.count(code);
        down(reason);
    }

    void failed(StatusCode status) throws InterruptedException {
        failed(Codes.text(status), "connection: %s at %s".formatted(Codes.text(status), config.url()));
    }

    private void down(String reason) throws InterruptedException {
        connected = false;
        if (fault == null && !ending) {
            LOG.atWarn()
                    .addKeyValue("protocol", "OPC UA")
                    .addKeyValue("address", config.url())
                    .addKeyValue("reason", reason)
                    .log("Device is down");
        }
        fault = reason;
        if (!ending) {
            put(book.lose(book.points(), reason, now()));
        }
    }

    /** The server does not monitor these. */
    void refused(List<Point> points, String reason) throws InterruptedException {
        put(book.lose(points, reason, now()));
    }

    /** Why there is no connection, as a sentence; empty if there is one, or none was tried yet. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Attempts that came to nothing. */
    long failedAttempts() {
        return failedAttempts.get();
    }
}
