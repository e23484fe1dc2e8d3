package io.streamforge.opcua;

import io.streamforge.model.Observation;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the subscription of one client, for as long as its server may remember it: makes it anew where the server has forgotten it, reads what a
 * cut has left open, tries again what was refused, and gives the client up when its server is trusted no more or has been away for too long.
 */
final class Upkeep {

    /** What others have to tell. */
    enum Signal {
        SESSION_LOST,
        SESSION_BACK,
        SUBSCRIPTION_GONE,
        END
    }

    /** Makes the subscription, for the first time or anew. */
    interface Subscribing {
        Items subscribe() throws UaException, InterruptedException;
    }

    /** Within which a decision about a certificate takes effect. */
    static final Duration TRUST_INTERVAL = Duration.ofSeconds(1);

    /** A node that was refused may have come into being. */
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(60);

    /** For values that changed while the connection was cut; a server may hold none in its queue nevertheless, as node-opcua does of sampled nodes. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private static final long NEVER = Long.MAX_VALUE;

    private final Client client;
    private final OpcUaConfig config;
    private final TrustList trust;
    private final Standing standing;
    private final BlockingQueue<Signal> signals;
    private final Subscribing subscribing;

    /** When the server will have forgotten the session that was lost, by {@link System#nanoTime}. */
    private long forgottenAt = NEVER;

    private long refreshAt = NEVER;
    private long retryAt = System.nanoTime() + RETRY_REFUSED.toNanos();
    private boolean secondLook;
    private boolean gone;
    private volatile boolean ended;

    /** @param signals empty */
    Upkeep(
            Client client,
            OpcUaConfig config,
            TrustList trust,
            Standing standing,
            BlockingQueue<Signal> signals,
            Subscribing subscribing) {
        this.client = client;
        this.config = config;
        this.trust = trust;
        this.standing = standing;
        this.signals = signals;
        this.subscribing = subscribing;
    }

    /**
     * Subscribes and keeps the subscription; returns when told to end.
     *
     * @param trustedSince of the trust list when the client was opened
     * @throws UaException when the session is beyond recovery
     */
    void run(FileTime trustedSince) throws UaException, InterruptedException {
        client.milo().addSessionActivityListener(new Activity());
        try {
            Items items = subscribing.subscribe();
            FileTime stamp = trustedSince;
            for (Signal signal = next(); signal != Signal.END; signal = next()) {
                heed(signal);
                items = remade(items);
                if (due(forgottenAt)) {
                    throw new UaException(StatusCodes.Bad_Timeout);
                }
                if (due(refreshAt)) {
                    refresh(items);
                }
                if (due(retryAt)) {
                    retry(items);
                }
                stamp = trusted(stamp);
            }
        } finally {
            ended = true;
        }
    }

    private @Nullable Signal next() throws InterruptedException {
        long first = Math.min(retryAt, Math.min(refreshAt, forgottenAt));
        long wait = first - System.nanoTime();
        if (client.trustsCertificate()) {
            wait = Math.min(TRUST_INTERVAL.toNanos(), wait);
        }
        return signals.poll(Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private static boolean due(long at) {
        return at != NEVER && at - System.nanoTime() <= 0;
    }

    private static long in(Duration delay) {
        return System.nanoTime() + delay.toNanos();
    }

    private void heed(@Nullable Signal signal) throws InterruptedException {
        if (signal == Signal.SESSION_LOST) {
            forgottenAt = in(config.sessionTimeout());
            refreshAt = NEVER;
            standing.lost();
        } else if (signal == Signal.SESSION_BACK && forgottenAt != NEVER) {
            forgottenAt = NEVER;
            standing.up();
            refreshAt = in(config.publishingInterval().multipliedBy(2));
            secondLook = false;
        } else if (signal == Signal.SUBSCRIPTION_GONE) {
            gone = true;
        }
    }

    private Items remade(Items items) throws UaException, InterruptedException {
        if (!gone || forgottenAt != NEVER) {
            return items;
        }
        gone = false;
        refreshAt = NEVER;
        items.forget();
        return subscribing.subscribe();
    }

    /**
     * The server does not tell again by itself what did not change while the connection was cut. What changed meanwhile should come from its queue; what
     * has not come at the second look is read as well.
     */
    private void refresh(Items items) throws UaException, InterruptedException {
        Book book = standing.book();
        List<Observation> seen = new ArrayList<>();
        Instant now = standing.now();
        Structures types = new Structures(new Requests(config, () -> client));
        Reads.all(
                client.milo(),
                items.monitored(book.lost()),
                (point, value) -> book.same(point, value, secondLook, types, now, seen));
        standing.put(seen);
        if (!secondLook) {
            items.refreshAlarms();
        }
        secondLook = !secondLook && !items.monitored(book.lost()).isEmpty();
        refreshAt = secondLook ? in(SECOND_LOOK.plus(config.samplingInterval())) : NEVER;
    }

    private void retry(Items items) throws UaException, InterruptedException {
        retryAt = in(RETRY_REFUSED);
        if (standing.connected()) {
            items.retry();
        }
    }

    private FileTime trusted(FileTime before) throws UaException {
        FileTime stamp = trust.stamp();
        if (!stamp.equals(before) && !client.trusts()) {
            throw new UaException(StatusCodes.Bad_CertificateUntrusted);
        }
        return stamp;
    }

    private final class Activity implements SessionActivityListener {

        @Override
        public void onSessionActive(UaSession session) {
            if (!ended) {
                signals.add(Signal.SESSION_BACK);
            }
        }

        @Override
        public void onSessionInactive(UaSession session) {
            if (!ended) {
                standing.disconnected();
                signals.add(Signal.SESSION_LOST);
            }
        }
    }
}
