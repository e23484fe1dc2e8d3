package io.streamforge.knx;

import io.streamforge.adapter.DeviceState;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One tunnel through a KNXnet/IP interface (KNX Standard 03_08_04, over 03_08_02): one request of ours under way at a time, everybody else's telegrams as they come.
 * Ends with an {@link IOException} as soon as it is known not to stand. Confined to one thread.
 */
final class Tunnel implements Closeable {

    /** Tunnel on the link layer (03_08_04 §2.2). */
    private static final byte[] TUNNEL = {4, 4, 2, 0};

    private static final int CONNECTION_HEADER = 4;

    /** 03_08_04 §2.6: an acknowledgement is waited for one second, the request then sent once more. */
    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(1);

    private static final int REQUESTS = 2;

    /** 03_08_02 §5.4: asked once, and three times again. */
    private static final int HEARTBEATS = 4;

    private final KnxConfig config;
    private final DeviceState state;
    private final Wire wire;

    private int id = -1;
    private int sent;
    private int expected;

    /** The request under way, until it is acknowledged. */
    private byte @Nullable [] frame;

    private int attempts;
    private long acknowledgeBy;

    /** The same, until the interface has said what became of it. */
    private @Nullable Telegram request;

    private long confirmBy;

    private int heartbeats;
    private long heartbeatAt;

    private Tunnel(KnxConfig config, DeviceState state, Wire wire) {
        this.config = config;
        this.state = state;
        this.wire = wire;
    }

    /**
     * Connects.
     *
     * @param state counts what is malformed
     * @param selector of whoever may wake {@link #await}, not given away
     * @throws IOException with the reason as a sentence's part, also if it was woken
     */
    static Tunnel open(KnxConfig config, DeviceState state, Selector selector) throws IOException {
        Tunnel tunnel = new Tunnel(config, state, new Wire(config, state, selector));
        try {
            tunnel.connect();
            return tunnel;
        } catch (IOException e) {
            tunnel.close();
            throw e;
        }
    }

    private void connect() throws IOException {
        wire.send(Frame.CONNECT_REQUEST, wire.endpoint(), wire.endpoint(), TUNNEL);
        long until = System.nanoTime() + config.timeout().toNanos();
        Frame answer;
        do {
            answer = wire.receive(until);
            if (answer == null) {
                throw new IOException("no answer to the connect request within %d ms"
                        .formatted(config.timeout().toMillis()));
            }
        } while (answer.service() != Frame.CONNECT_RESPONSE || !connected(answer.body()));
        heartbeatAt = System.nanoTime() + config.heartbeatInterval().toNanos();
    }

    /** False if it cannot be read. */
    private boolean connected(ByteBuffer body) throws IOException {
        try {
            int channelId = body.get() & 0xFF;
            int status = body.get() & 0xFF;
            if (status != KnxStatus.NO_ERROR) {
                throw new IOException("the interface refuses the tunnel: " + KnxStatus.text(status));
            }
            body.getShort();
            byte[] address = new byte[4];
            body.get(address);
            int port = body.getShort() & 0xFFFF;
            InetSocketAddress offered = new InetSocketAddress(InetAddress.getByAddress(address), port);
            if (!config.nat() && port != 0 && !offered.getAddress().isAnyLocalAddress()) {
                wire.sendDataTo(offered);
            }
            id = channelId;
            return true;
        } catch (BufferUnderflowException e) {
            state.error(Wire.PROTOCOL);
            return false;
        }
    }

    /** Whether {@link #send} may be called. */
    boolean free() {
        return request == null && frame == null;
    }

    /** Sends a request; what becomes of it is what {@link #await} returns one day. */
    void send(Telegram telegram) throws IOException {
        byte[] cemi = telegram.encode();
        byte[] bytes = ByteBuffer.allocate(CONNECTION_HEADER + cemi.length)
                .put(connectionHeader(sent, 0))
                .put(cemi)
                .array();
        request = telegram;
        frame = bytes;
        attempts = 0;
        repeat(bytes);
    }

    private void repeat(byte[] bytes) throws IOException {
        attempts++;
        acknowledgeBy = System.nanoTime() + acknowledgement().toNanos();
        wire.send(Frame.TUNNELLING_REQUEST, bytes);
    }

    private Duration acknowledgement() {
        return config.timeout().compareTo(ACKNOWLEDGEMENT) < 0 ? config.timeout() : ACKNOWLEDGEMENT;
    }

    private byte[] connectionHeader(int sequence, int status) {
        return new byte[] {CONNECTION_HEADER, (byte) id, (byte) sequence, (byte) status};
    }

    /**
     * Waits for a telegram: somebody else's, or what became of our own.
     *
     * @param until when to return without one, by {@link System#nanoTime}
     * @return null, too, if something else is to be looked after, or the selector was woken
     * @throws IOException if the tunnel does not stand any longer, with the reason as a sentence's part
     */
    @Nullable
    Telegram await(long until) throws IOException {
        Telegram lapsed = lapse(wire.quiet());
        if (lapsed != null) {
            return lapsed;
        }
        long next = earlier(until, heartbeatAt);
        if (frame != null) {
            next = earlier(next, acknowledgeBy);
        } else if (request != null) {
            next = earlier(next, confirmBy);
        }
        Frame came = wire.receive(next);
        if (came == null) {
            return null;
        }
        try {
            return handle(came);
        } catch (BufferUnderflowException e) {
            state.error(Wire.PROTOCOL);
            return null;
        }
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** Until when answers that were due have not come ({@link Wire#quiet}). */
    long quiet() {
        return wire.quiet();
    }

    /** What is to be done because time has passed. */
    private @Nullable Telegram lapse(long now) throws IOException {
        if (frame != null && now - acknowledgeBy >= 0) {
            again("no TUNNELLING_ACK within %d ms, twice"
                    .formatted(acknowledgement().toMillis()));
        }
        if (now - heartbeatAt >= 0) {
            if (heartbeats == HEARTBEATS) {
                throw new IOException("no answer to the heartbeat within %d ms, %d times"
                        .formatted(config.timeout().toMillis(), HEARTBEATS));
            }
            heartbeats++;
            heartbeatAt = System.nanoTime() + config.timeout().toNanos();
            wire.send(Frame.CONNECTIONSTATE_REQUEST, new byte[] {(byte) id, 0}, wire.endpoint());
        }
        Telegram open = request;
        if (open != null && frame == null && now - confirmBy >= 0) {
            request = null;
            return open.as(Telegram.Message.UNCONFIRMED);
        }
        return null;
    }

    private void again(String reason) throws IOException {
        byte[] bytes = frame;
        if (bytes == null || attempts == REQUESTS) {
            throw new IOException(reason);
        }
        repeat(bytes);
    }

    private @Nullable Telegram handle(Frame came) throws IOException {
        ByteBuffer body = came.body();
        switch (came.service()) {
            case Frame.TUNNELLING_REQUEST -> {
                return tunnelled(body);
            }
            case Frame.TUNNELLING_ACK -> acknowledged(body);
            case Frame.CONNECTIONSTATE_RESPONSE -> {
                if ((body.get() & 0xFF) == id) {
                    alive(body.get() & 0xFF);
                }
            }
            case Frame.DISCONNECT_REQUEST -> {
                if ((body.get() & 0xFF) == id) {
                    wire.send(Frame.DISCONNECT_RESPONSE, new byte[] {(byte) id, KnxStatus.NO_ERROR});
                    id = -1;
                    throw new IOException("the interface ended the tunnel");
                }
            }
            default -> state.error(Wire.PROTOCOL);
        }
        return null;
    }

    private void alive(int status) throws IOException {
        if (status != KnxStatus.NO_ERROR) {
            throw new IOException("the tunnel does not stand: " + KnxStatus.text(status));
        }
        heartbeats = 0;
        heartbeatAt = System.nanoTime() + config.heartbeatInterval().toNanos();
    }

    /** 03_08_04 §2.6: the one before the expected is acknowledged once more, any other is not. */
    private @Nullable Telegram tunnelled(ByteBuffer body) throws IOException {
        body.get();
        int channelId = body.get() & 0xFF;
        int sequence = body.get() & 0xFF;
        body.get();
        boolean next = sequence == expected;
        if (channelId != id || !next && sequence != (expected - 1 & 0xFF)) {
            state.error(Wire.PROTOCOL);
            return null;
        }
        wire.send(Frame.TUNNELLING_ACK, connectionHeader(sequence, KnxStatus.NO_ERROR));
        if (!next) {
            return null;
        }
        expected = expected + 1 & 0xFF;
        Telegram telegram = Telegram.decode(body);
        if (telegram == null || telegram.message() == Telegram.Message.INDICATION) {
            return telegram;
        }
        Telegram open = request;
        if (open == null || !open.isAnsweredBy(telegram)) {
            return null;
        }
        request = null;
        return telegram;
    }

    private void acknowledged(ByteBuffer body) throws IOException {
        body.get();
        int channelId = body.get() & 0xFF;
        int sequence = body.get() & 0xFF;
        int status = body.get() & 0xFF;
        if (channelId != id || sequence != sent || frame == null) {
            return;
        }
        if (status != KnxStatus.NO_ERROR) {
            again("a request is refused: " + KnxStatus.text(status));
            return;
        }
        frame = null;
        sent = sent + 1 & 0xFF;
        confirmBy = System.nanoTime() + config.timeout().toNanos();
    }

    /** Says farewell without waiting for an answer. */
    @Override
    public void close() throws IOException {
        try {
            if (id >= 0) {
                wire.send(Frame.DISCONNECT_REQUEST, new byte[] {(byte) id, 0}, wire.endpoint());
            }
        } catch (IOException e) {
            state.error("connection");
        } finally {
            id = -1;
            wire.close();
        }
    }
}
