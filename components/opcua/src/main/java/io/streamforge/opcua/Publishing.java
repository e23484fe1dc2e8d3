package io.streamforge.opcua;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.UaResponseMessageType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFieldList;
import org.eclipse.milo.opcua.stack.core.types.structured.EventNotificationList;
import org.eclipse.milo.opcua.stack.core.types.structured.NotificationMessage;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.PublishResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.RepublishRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.RepublishResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.StatusChangeNotification;
import org.eclipse.milo.opcua.stack.core.types.structured.SubscriptionAcknowledgement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a server publish a subscription (OPC 10000-4 §5.14.5): keeps a few publish requests with it, hands on what it notifies in the order of its sequence
 * numbers, each message once, asks again for messages that a cut swallowed (§5.14.6), and sends no request while there is no room for answers.
 *
 * <p>Everything happens on the network's thread, which never waits here, except what a worker does that may have to ask the server for the types of its
 * structures; later messages wait for that.
 */
final class Publishing {

    /** Is told what is published, one after the other. */
    interface Receiver {

        /** Whether there is room for more than what is under way; {@link #resume} says when there is again. */
        boolean hasRoom();

        /** @param mayWait whether this thread may ask the server */
        void values(DataChanges changes, boolean mayWait);

        void events(EventFieldList[] events);

        /** So many messages are missing, and the server has them no more, or they cannot be read. */
        void lost(long messages);

        /** The server will publish no more: it says so, or has been silent for too long. */
        void gone();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Publishing.class);

    /**
     * Publish requests that wait with the server for something to publish. What it has to say at one time comes in several messages, each of which takes
     * one: with fewer, the rest would come a round trip later each.
     */
    private static final int REQUESTS = 5;

    /** A server may take half as long again as it said until it is held to be silent. */
    private static final double PATIENCE = 1.5;

    private static final long RETRY_MILLIS = 1_000;

    private static final long LAST_SEQUENCE = 0xFFFF_FFFFL;

    private final OpcUaClient client;
    private final EventLoop network;
    private final Executor workers;

    // All of these belong to the network's thread.

    private @Nullable NodeId session;
    /** Answers to requests of sessions before this one count for nothing. */
    private int sessions;

    private int waiting;
    private int most = REQUESTS;
    /** A request was refused, and the next is not sent at once. */
    private boolean resting;

    private @Nullable Subscription current;

    /** What is known of the subscription that is published. */
    private static final class Subscription {
        private final UInteger id;
        private final double keepAliveMillis;
        private final Receiver receiver;
        private final Queue<PublishResponse> received = new ArrayDeque<>();
        private List<UInteger> acknowledged = new ArrayList<>();
        private long expected = 1;
        private boolean busy;
        private long heardAt = System.nanoTime();

        Subscription(UInteger id, double keepAliveMillis, Receiver receiver) {
            this.id = id;
            this.keepAliveMillis = keepAliveMillis;
            this.receiver = receiver;
        }
    }

    /**
     * @param network the thread of the client's connection
     * @param workers may wait for the server
     */
    Publishing(OpcUaClient client, EventLoop network, Executor workers) {
        this.client = client;
        this.network = network;
        this.workers = workers;
        client.addSessionActivityListener(new SessionActivityListener() {
            @Override
            public void onSessionActive(UaSession active) {
                later(() -> begin(active.getAuthenticationToken()));
            }

            @Override
            public void onSessionInactive(UaSession inactive) {
                later(Publishing.this::interrupted);
            }
        });
    }

    /**
     * From now on this subscription is published, and no other.
     *
     * @param keepAliveMillis within which the server says something
     */
    void publish(UInteger id, double keepAliveMillis, Receiver receiver) {
        later(() -> {
            Subscription made = new Subscription(id, keepAliveMillis, receiver);
            leave(made);
            request();
            watch(made);
        });
    }

    /** No subscription is published any more. What has come of one is handed on. */
    void end() {
        later(() -> leave(null));
    }

    private void leave(@Nullable Subscription next) {
        Subscription before = current;
        current = next;
        if (before != null) {
            handOn(before);
        }
    }

    /** On the network's thread, which has ended only when nobody is interested any more. */
    private void later(Runnable task) {
        try {
            network.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().setCause(e).log("OPC UA threads have ended");
        }
    }

    /** There is room again. */
    void resume() {
        later(() -> {
            Subscription published = current;
            if (published != null) {
                published.heardAt = System.nanoTime();
            }
            request();
        });
    }

    private void begin(NodeId token) {
        interrupted();
        session = token;
        Subscription published = current;
        if (published != null) {
            published.heardAt = System.nanoTime();
            handOn(published);
        }
        request();
    }

    private void interrupted() {
        session = null;
        sessions++;
        waiting = 0;
        most = REQUESTS;
        resting = false;
    }

    private void request() {
        Subscription published = current;
        while (session != null
                && !resting
                && published != null
                && waiting + published.received.size() < most
                && published.receiver.hasRoom()) {
            send(published, session);
        }
    }

    private void send(Subscription published, NodeId token) {
        List<UInteger> acknowledged = published.acknowledged;
        published.acknowledged = new ArrayList<>();
        PublishRequest request = new PublishRequest(
                client.newRequestHeader(
                        token, Unsigned.uint((long) Math.min(UInteger.MAX_VALUE, patience(published) * REQUESTS))),
                acknowledged.stream()
                        .map(sequence -> new SubscriptionAcknowledgement(published.id, sequence))
                        .toArray(SubscriptionAcknowledgement[]::new));
        int of = sessions;
        waiting++;
        client.sendRequestAsync(request).whenComplete((answer, failure) -> {
            if (network.inEventLoop()) {
                answered(published, acknowledged, of, answer, failure);
            } else {
                later(() -> answered(published, acknowledged, of, answer, failure));
            }
        });
    }

    private static double patience(Subscription published) {
        return published.keepAliveMillis * PATIENCE;
    }

    private void answered(
            Subscription published,
            List<UInteger> acknowledged,
            int of,
            @Nullable UaResponseMessageType answer,
            @Nullable Throwable failure) {
        if (of == sessions) {
            waiting--;
        }
        if (answer instanceof PublishResponse response
                && response.getResponseHeader().getServiceResult().isGood()) {
            take(response);
            return;
        }
        published.acknowledged.addAll(acknowledged);
        if (of == sessions) {
            refused(published, status(answer, failure));
        }
    }

    private static StatusCode status(@Nullable UaResponseMessageType answer, @Nullable Throwable failure) {
        return answer == null
                ? UaException.extractStatusCode(failure).orElse(StatusCode.BAD)
                : answer.getResponseHeader().getServiceResult();
    }

    private void refused(Subscription published, StatusCode status) {
        LOG.atDebug().addKeyValue("reason", Codes.text(status)).log("OPC UA publish request was refused");
        if (status.value() == StatusCodes.Bad_TooManyPublishRequests) {
            most = Math.max(1, waiting);
        } else if (status.value() == StatusCodes.Bad_NoSubscription && published == current) {
            gone(published);
        } else if (status.value() == StatusCodes.Bad_NoSubscription) {
            request();
        } else {
            resting = true;
            network.schedule(
                    () -> {
                        resting = false;
                        request();
                    },
                    RETRY_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void gone(Subscription published) {
        if (published == current) {
            leave(null);
            published.receiver.gone();
        }
    }

    private void take(PublishResponse response) {
        Subscription published = current;
        if (published != null && published.id.equals(response.getSubscriptionId())) {
            published.heardAt = System.nanoTime();
            if (!isKeepAlive(response.getNotificationMessage())) {
                published.acknowledged.add(response.getNotificationMessage().getSequenceNumber());
            }
            published.received.add(response);
            handOn(published);
        }
        request();
    }

    private static boolean isKeepAlive(NotificationMessage message) {
        ExtensionObject[] data = message.getNotificationData();
        return data == null || data.length == 0;
    }

    /** Everything up to what is missing, or what a worker must be done with first. */
    private void handOn(Subscription published) {
        while (!published.busy && !published.received.isEmpty()) {
            PublishResponse response = published.received.element();
            NotificationMessage message = response.getNotificationMessage();
            long ahead =
                    distance(published.expected, message.getSequenceNumber().longValue());
            if (ahead > 0) {
                long kept = firstKept(response, published.expected, ahead);
                if (kept == published.expected && published == current) {
                    askAgain(published);
                    return;
                }
                long next = published == current
                        ? kept
                        : message.getSequenceNumber().longValue();
                published.receiver.lost(distance(published.expected, next));
                published.expected = next;
            } else {
                published.received.remove();
                if (ahead == 0 && !isKeepAlive(message)) {
                    deliver(published, message);
                }
            }
        }
    }

    /** How far the second is ahead of the first. Numbers begin anew at 1 after the largest (OPC 10000-4 §5.14.1.1). */
    static long distance(long from, long to) {
        long distance = to - from;
        if (distance > LAST_SEQUENCE / 2) {
            return distance - LAST_SEQUENCE;
        }
        return distance < -LAST_SEQUENCE / 2 ? distance + LAST_SEQUENCE : distance;
    }

    private static long after(long sequence) {
        return sequence == LAST_SEQUENCE ? 1 : sequence + 1;
    }

    /** The first message that is missing and that the server still has; if it has none of them, the message that is there. */
    private static long firstKept(PublishResponse response, long expected, long ahead) {
        long nearest = ahead;
        UInteger[] kept = response.getAvailableSequenceNumbers();
        for (UInteger sequence : kept == null ? new UInteger[0] : kept) {
            long distance = distance(expected, sequence.longValue());
            if (distance >= 0 && distance < nearest) {
                nearest = distance;
            }
        }
        long first = expected + nearest;
        return first > LAST_SEQUENCE ? first - LAST_SEQUENCE : first;
    }

    private void askAgain(Subscription published) {
        NodeId token = session;
        if (token == null) {
            return;
        }
        published.busy = true;
        int of = sessions;
        client.sendRequestAsync(new RepublishRequest(
                        client.newRequestHeader(token), published.id, Unsigned.uint(published.expected)))
                .whenComplete((answer, failure) -> later(() -> toldAgain(published, of, answer, failure)));
    }

    private void toldAgain(
            Subscription published, int of, @Nullable UaResponseMessageType answer, @Nullable Throwable failure) {
        published.busy = false;
        if (answer instanceof RepublishResponse response
                && response.getResponseHeader().getServiceResult().isGood()) {
            NotificationMessage message = response.getNotificationMessage();
            published.acknowledged.add(message.getSequenceNumber());
            deliver(published, message);
        } else if (of == sessions || published != current) {
            LOG.atDebug()
                    .addKeyValue("reason", Codes.text(status(answer, failure)))
                    .log("OPC UA message was not republished");
            published.receiver.lost(1);
            published.expected = after(published.expected);
        }
        handOn(published);
        request();
    }

    /** The message that was expected. */
    private void deliver(Subscription published, NotificationMessage message) {
        published.expected = after(published.expected);
        List<Object> notifications = new ArrayList<>();
        boolean structures = false;
        try {
            ExtensionObject[] encoded = message.getNotificationData();
            for (ExtensionObject one : encoded == null ? new ExtensionObject[0] : encoded) {
                DataChanges changes = DataChanges.in(one, client.getStaticEncodingContext());
                notifications.add(changes == null ? one.decode(client.getStaticEncodingContext()) : changes);
                structures |= changes != null && changes.hasStructures();
            }
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).log("OPC UA message was not understood");
            published.receiver.lost(1);
        }
        if (structures) {
            published.busy = true;
            workers.execute(() -> {
                try {
                    tell(published, notifications, true);
                } finally {
                    later(() -> {
                        published.busy = false;
                        handOn(published);
                        request();
                    });
                }
            });
        } else {
            tell(published, notifications, false);
        }
    }

    private void tell(Subscription published, List<Object> notifications, boolean mayWait) {
        try {
            for (Object notification : notifications) {
                if (notification instanceof DataChanges changes) {
                    published.receiver.values(changes, mayWait);
                } else if (notification instanceof EventNotificationList list && list.getEvents() != null) {
                    published.receiver.events(list.getEvents());
                } else if (notification instanceof StatusChangeNotification change
                        && change.getStatus().isBad()) {
                    later(() -> gone(published));
                }
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("OPC UA message was not understood");
            published.receiver.lost(1);
        }
    }

    /** A server that is asked for nothing may be silent. */
    private void watch(Subscription published) {
        if (published != current) {
            return;
        }
        request();
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - published.heardAt);
        boolean asked = session != null && waiting > 0;
        if (asked && silent >= patience(published)) {
            gone(published);
        } else {
            long next = (long) patience(published) - (asked ? silent : 0);
            network.schedule(() -> watch(published), Math.max(RETRY_MILLIS, next), TimeUnit.MILLISECONDS);
        }
    }
}
