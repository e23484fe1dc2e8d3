package io.streamforge.opcua;

import io.streamforge.adapter.AlarmDesk.DeviceAlarm;
import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server with its points: a session, a subscription, and the thread that looks after both.
 *
 * <p>When the connection breaks, Milo resumes the session on a new one, or makes a new session and transfers the subscription to it: what the server
 * queued meanwhile comes then. Where the server has forgotten the subscription, this thread makes a new one; where the session does not come back
 * before the server forgets it, too, it begins anew.
 */
final class OpcUaDevice {

    private static final Logger LOG = LoggerFactory.getLogger(OpcUaDevice.class);

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    /** A node that was refused may have come into being. */
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(60);

    /** For values that changed while the connection was cut; a server may hold none in its queue nevertheless, as node-opcua does of sampled nodes. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    /** Within which a decision about a certificate takes effect. */
    private static final Duration TRUST_INTERVAL = Duration.ofSeconds(1);

    private enum Signal {
        SESSION_LOST,
        SESSION_BACK,
        SUBSCRIPTION_GONE,
        END
    }

    private final OpcUaConfig config;
    private final Path pki;
    private final ClientThreads threads;
    private final Inbox inbox;
    private final Clock clock;
    private final Book book;
    private final AlarmBook alarms;
    private final TrustList trust;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicLong notifications = new AtomicLong();
    private final AtomicLong failedAttempts = new AtomicLong();

    private volatile boolean ending;
    private volatile boolean connected;
    /** A worker waits for the stream: no publish request is under way, so the server's silence means nothing. */
    private volatile boolean holding;

    private volatile @Nullable Client client;
    private volatile @Nullable Items items;
    private volatile @Nullable String fault;

    /**
     * @param pki folder of the gateway's OPC UA certificates
     * @param clock stamps each notification
     */
    OpcUaDevice(OpcUaConfig config, List<Point> points, Path pki, ClientThreads threads, Inbox inbox, Clock clock) {
        this.config = config;
        this.pki = pki;
        this.threads = threads;
        this.inbox = inbox;
        this.clock = clock;
        this.book = new Book(points);
        this.alarms = new AlarmBook(points);
        this.trust = new TrustList(pki);
    }

    /** Connects and stays connected until told to end. */
    void run() {
        Backoff delays = new Backoff(FIRST_DELAY, config.reconnectMaxDelay());
        try {
            while (!ending) {
                FileTime stamp = trust.stamp();
                try {
                    Client opened = Client.open(config, pki, threads);
                    client = opened;
                    if (ending) {
                        return;
                    }
                    lookAfter(opened, delays, stamp);
                } catch (ConnectionException e) {
                    failedAttempts.incrementAndGet();
                    book.count("connection");
                    down(e.sentence());
                } catch (UaException e) {
                    failedAttempts.incrementAndGet();
                    book.count(Codes.text(e.getStatusCode()));
                    down("connection: %s at %s".formatted(Codes.text(e.getStatusCode()), config.url()));
                }
                dropClient();
                signals.clear();
                pause(delays, stamp);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is time for the next attempt, or to end, or somebody decided about a certificate. */
    private void pause(Backoff delays, FileTime before) throws InterruptedException {
        long end = System.nanoTime() + delays.next();
        long left = end - System.nanoTime();
        while (!ending && left > 0) {
            signals.poll(Math.min(left, TRUST_INTERVAL.toNanos()), TimeUnit.NANOSECONDS);
            if (!trust.stamp().equals(before)) {
                delays.reset();
                return;
            }
            left = end - System.nanoTime();
        }
    }

    private void dropClient() {
        connected = false;
        items = null;
        Client last = client;
        client = null;
        if (last != null && !ending) {
            last.close();
        }
    }

    /** For what operators have the server do. */
    Requests requests() {
        return new Requests(config, () -> client);
    }

    /** Begins to end: the thread is to be interrupted after this. */
    void tellEnding() {
        ending = true;
        signals.add(Signal.END);
    }

    /** Says goodbye to the server, if it still listens. */
    void close() {
        Client last = client;
        if (last != null) {
            last.close();
        }
    }

    /** Subscribes and keeps the subscription; returns when told to end, throws when the session is beyond recovery. */
    private void lookAfter(Client opened, Backoff delays, FileTime trustedSince)
            throws UaException, InterruptedException {
        opened.milo().addSessionActivityListener(new SessionActivityListener() {
            @Override
            public void onSessionActive(UaSession session) {
                if (client == opened) {
                    signals.add(Signal.SESSION_BACK);
                }
            }

            @Override
            public void onSessionInactive(UaSession session) {
                if (client == opened) {
                    connected = false;
                    signals.add(Signal.SESSION_LOST);
                }
            }
        });
        Items current = subscribe(opened);
        delays.reset();
        long retryAt = System.nanoTime() + RETRY_REFUSED.toNanos();
        long refreshAt = Long.MAX_VALUE;
        long forgottenAt = Long.MAX_VALUE;
        boolean secondLook = false;
        boolean gone = false;
        FileTime stamp = trustedSince;
        while (!ending) {
            long now = System.nanoTime();
            if (!trust.stamp().equals(stamp)) {
                stamp = trust.stamp();
                if (!opened.trusts()) {
                    throw new UaException(StatusCodes.Bad_CertificateUntrusted);
                }
            }
            long wait = Math.min(
                    Math.min(TRUST_INTERVAL.toNanos(), retryAt - now),
                    Math.min(remaining(refreshAt, now), remaining(forgottenAt, now)));
            Signal signal = signals.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
            now = System.nanoTime();
            if (signal == Signal.SESSION_LOST) {
                forgottenAt = now + config.sessionTimeout().toNanos();
                refreshAt = Long.MAX_VALUE;
                book.count("connection");
                down("connection: lost to %s".formatted(config.url()));
            } else if (signal == Signal.SESSION_BACK && forgottenAt != Long.MAX_VALUE) {
                forgottenAt = Long.MAX_VALUE;
                up();
                refreshAt = now + 2 * config.publishingInterval().toNanos();
                secondLook = false;
            } else if (signal == Signal.SUBSCRIPTION_GONE) {
                gone = true;
            }
            if (gone && forgottenAt == Long.MAX_VALUE) {
                gone = false;
                current.forget();
                current = subscribe(opened);
                refreshAt = Long.MAX_VALUE;
            }
            if (remaining(forgottenAt, now) <= 0) {
                throw new UaException(StatusCodes.Bad_Timeout);
            }
            if (remaining(refreshAt, now) <= 0) {
                boolean again = refresh(opened, current, secondLook);
                refreshAt = again
                        ? now + SECOND_LOOK.plus(config.samplingInterval()).toNanos()
                        : Long.MAX_VALUE;
                secondLook = again;
            }
            if (retryAt - now <= 0) {
                retryAt = now + RETRY_REFUSED.toNanos();
                if (connected) {
                    current.retry();
                }
            }
        }
    }

    private static long remaining(long at, long now) {
        return at == Long.MAX_VALUE ? Long.MAX_VALUE : at - now;
    }

    private Items subscribe(Client opened) throws UaException, InterruptedException {
        Items made = new Items(opened.milo(), config, book, this::refused);
        items = made;
        connected = true;
        alarms.use(opened.milo().getNamespaceTable());
        made.create(new Notifications(made));
        up();
        return made;
    }

    /**
     * The server does not tell again by itself what did not change while the connection was cut.
     *
     * @param secondLook what changed meanwhile should have come from the server's queue by now, and has not
     * @return whether some of it is still awaited
     */
    private boolean refresh(Client opened, Items current, boolean secondLook) throws UaException, InterruptedException {
        List<Observation> seen = new ArrayList<>();
        Instant now = now();
        Structures types = new Structures(requests());
        Reads.all(
                opened.milo(),
                current.monitored(book.lost()),
                (point, value) -> book.same(point, value, secondLook, types, now, seen));
        put(seen);
        if (!secondLook) {
            current.refreshAlarms();
        }
        return !secondLook && !current.monitored(book.lost()).isEmpty();
    }

    private void refused(List<Point> points, String reason) throws InterruptedException {
        put(book.lose(points, reason, now()));
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

    private void up() {
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

    private void put(List<Observation> seen) throws InterruptedException {
        if (!seen.isEmpty()) {
            inbox.put(seen);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Why not every point has a value, as a sentence; empty if all have. */
    Optional<String> fault() {
        String reason = fault;
        Items current = items;
        return reason != null
                ? Optional.of(reason)
                : book.summary().or(() -> current == null ? Optional.empty() : current.alarmFault());
    }

    /** What the server keeps of its alarms, while it can be asked. */
    List<DeviceAlarm> alarms() throws IOException {
        if (!connected) {
            throw new IOException("The server at %s cannot be asked: %s."
                    .formatted(config.url(), Objects.requireNonNullElse(fault, "not connected yet")));
        }
        return alarms.retained();
    }

    /** A poll is a notification here, or an attempt to connect that failed. */
    Counters counters(long undelivered) {
        long failed = failedAttempts.get();
        return new Counters(notifications.get() + failed, failed, 0, undelivered, book.errors());
    }

    /** What the server says of one subscription; called on Milo's workers, in the server's order. */
    private final class Notifications implements OpcUaSubscription.SubscriptionListener {

        private final Items of;
        private final Structures types = new Structures(requests());

        Notifications(Items of) {
            this.of = of;
        }

        @Override
        public void onDataReceived(
                OpcUaSubscription subscription, List<OpcUaMonitoredItem> monitored, List<DataValue> values) {
            if (ending) {
                return;
            }
            notifications.incrementAndGet();
            Instant now = now();
            List<Observation> seen = new ArrayList<>(values.size());
            for (int i = 0; i < values.size(); i++) {
                Point point = (Point) monitored.get(i).getUserObject().orElseThrow();
                book.value(point, values.get(i), types, now, seen);
            }
            hold(seen);
        }

        @Override
        public void onEventReceived(
                OpcUaSubscription subscription, List<OpcUaMonitoredItem> monitored, List<Variant[]> events) {
            if (ending) {
                return;
            }
            notifications.incrementAndGet();
            Instant now = now();
            List<Observation> seen = new ArrayList<>(events.size());
            for (Variant[] fields : events) {
                if (alarms.event(fields, now, seen)) {
                    book.count("overflow");
                }
            }
            hold(seen);
        }

        private void hold(List<Observation> seen) {
            holding = true;
            try {
                put(seen);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                holding = false;
            }
        }

        @Override
        public void onNotificationDataLost(OpcUaSubscription subscription) {
            book.count("notifications lost");
        }

        @Override
        public void onWatchdogTimerElapsed(OpcUaSubscription subscription) {
            if (!holding && connected) {
                gone();
            }
        }

        @Override
        public void onStatusChanged(OpcUaSubscription subscription, StatusCode status) {
            if (status.isBad()) {
                gone();
            }
        }

        @Override
        public void onTransferFailed(OpcUaSubscription subscription, StatusCode status) {
            gone();
        }

        private void gone() {
            if (items == of) {
                book.count("subscription");
                signals.add(Signal.SUBSCRIPTION_GONE);
            }
        }
    }
}
