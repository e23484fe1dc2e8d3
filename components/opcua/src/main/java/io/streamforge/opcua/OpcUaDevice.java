package io.streamforge.opcua;

import io.streamforge.adapter.AlarmDesk.DeviceAlarm;
import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import io.streamforge.opcua.Upkeep.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFieldList;
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

    private final OpcUaConfig config;
    private final Path pki;
    private final ClientThreads threads;
    private final Book book;
    private final Standing standing;
    private final AlarmBook alarms;
    private final TrustList trust;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicLong notifications = new AtomicLong();
    private final AtomicReference<@Nullable Client> client = new AtomicReference<>();

    private volatile boolean ending;

    private volatile @Nullable Items items;

    /**
     * @param pki folder of the gateway's OPC UA certificates
     * @param clock stamps each notification
     */
    OpcUaDevice(OpcUaConfig config, List<Point> points, Path pki, ClientThreads threads, Inbox inbox, Clock clock) {
        this.config = config;
        this.pki = pki;
        this.threads = threads;
        this.book = new Book(points);
        this.standing = new Standing(config, book, inbox, clock);
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
                    client.set(opened);
                    if (ending) {
                        close();
                        return;
                    }
                    new Upkeep(opened, config, trust, standing, signals, () -> subscribe(opened, delays)).run(stamp);
                } catch (ConnectionException e) {
                    standing.failed("connection", e.sentence());
                } catch (UaException e) {
                    standing.failed(e.getStatusCode());
                } catch (RuntimeException e) {
                    LOG.atDebug().setCause(e).log("OPC UA answer was not understood");
                    standing.failed("protocol", Codes.misunderstood(config, e));
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
            signals.poll(Math.min(left, Upkeep.TRUST_INTERVAL.toNanos()), TimeUnit.NANOSECONDS);
            if (!trust.stamp().equals(before)) {
                delays.reset();
                return;
            }
            left = end - System.nanoTime();
        }
    }

    private void dropClient() {
        standing.disconnected();
        items = null;
        if (!ending) {
            close();
        }
    }

    /** For what operators have the server do. */
    Requests requests() {
        return new Requests(config, client::get);
    }

    /** The inbox has room again. */
    void resume() {
        Client current = client.get();
        if (current != null) {
            current.publishing().resume();
        }
    }

    /** Begins to end: the thread is to be interrupted after this. */
    void tellEnding() {
        ending = true;
        standing.ending();
        signals.add(Signal.END);
    }

    /** Says goodbye to the server, if it still listens. */
    void close() {
        Client last = client.getAndSet(null);
        if (last != null) {
            last.close();
        }
    }

    private Items subscribe(Client opened, Backoff delays) throws UaException, InterruptedException {
        Items made = new Items(opened, config, book, standing::refused);
        items = made;
        standing.connecting();
        alarms.use(opened.milo().getNamespaceTable());
        Notifications notifications = new Notifications(made);
        made.create(notifications, notifications);
        standing.up();
        delays.reset();
        return made;
    }

    /** Why not every point has a value, as a sentence; empty if all have. */
    Optional<String> fault() {
        Items current = items;
        return standing.fault().or(book::summary).or(() -> current == null ? Optional.empty() : current.alarmFault());
    }

    /** What the server keeps of its alarms, while it can be asked. */
    List<DeviceAlarm> alarms() throws IOException {
        if (!standing.connected()) {
            throw new IOException("The server at %s cannot be asked: %s."
                    .formatted(config.url(), standing.fault().orElse("not connected yet")));
        }
        return alarms.retained();
    }

    Losses losses() {
        return book.losses();
    }

    /** A poll is a notification here, or an attempt to connect that failed. */
    Counters counters(long undelivered) {
        long failed = standing.failedAttempts();
        return new Counters(notifications.get() + failed, failed, 0, undelivered, book.errors());
    }

    /** What the server says of one subscription. */
    private final class Notifications implements Publishing.Receiver, OpcUaSubscription.SubscriptionListener {

        private final Items of;
        private final Structures types = new Structures(requests());

        Notifications(Items of) {
            this.of = of;
        }

        @Override
        public boolean hasRoom() {
            return standing.inbox().hasRoom();
        }

        @Override
        public void values(DataChanges changes, boolean mayWait) {
            if (!ending) {
                notifications.incrementAndGet();
                add(book.values(changes, of.handles(), mayWait ? types : null, standing.now()));
            }
        }

        @Override
        public void events(EventFieldList[] events) {
            if (ending) {
                return;
            }
            notifications.incrementAndGet();
            Instant now = standing.now();
            List<Observation> seen = new ArrayList<>(events.length);
            for (EventFieldList event : events) {
                Variant[] fields = event.getEventFields();
                if (fields != null && alarms.event(fields, now, seen)) {
                    book.count("overflow");
                    book.losses().add(Loss.DEVICE_QUEUE_OVERFLOW);
                }
            }
            add(seen);
        }

        private void add(List<Observation> seen) {
            if (!seen.isEmpty()) {
                standing.inbox().add(seen);
            }
        }

        @Override
        public void lost(long messages) {
            book.count("notifications lost", messages);
            book.losses().add(Loss.NOTIFICATION_LOST, messages);
        }

        @Override
        public void onTransferFailed(OpcUaSubscription subscription, StatusCode status) {
            gone();
        }

        @Override
        public void gone() {
            if (items == of) {
                book.count("subscription");
                signals.add(Signal.SUBSCRIPTION_GONE);
            }
        }
    }
}
