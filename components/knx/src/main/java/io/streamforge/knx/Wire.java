package io.streamforge.knx;

import io.streamforge.adapter.DeviceState;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The UDP socket of one tunnel: sends and waits for whole frames. Confined to one thread, which others may wake by the selector. */
final class Wire implements Closeable {

    static final String PROTOCOL = "protocol";

    private static final int ENDPOINT = 8;
    private static final int UDP = 1;
    private static final int LONGEST = 600;

    /** More than a socket holds. */
    private static final int MOST_HELD = 1000;

    private final DeviceState state;
    private final Selector selector;
    private final DatagramChannel channel;
    private final InetSocketAddress control;
    private final byte[] own;
    private final ByteBuffer received = ByteBuffer.allocate(LONGEST);
    private InetSocketAddress data;
    private long quiet = System.nanoTime();
    private int held;

    /**
     * @param state counts what is no frame
     * @param selector of whoever may wake {@link #receive}, not given away
     */
    Wire(KnxConfig config, DeviceState state, Selector selector) throws IOException {
        this.state = state;
        this.selector = selector;
        this.control = new InetSocketAddress(resolve(config.host()), config.port());
        this.data = control;
        this.channel = DatagramChannel.open();
        try {
            channel.configureBlocking(false);
            channel.connect(control);
            channel.register(selector, SelectionKey.OP_READ);
            this.own = endpoint(config.nat(), (InetSocketAddress) channel.getLocalAddress());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static InetAddress resolve(String host) throws IOException {
        return Arrays.stream(InetAddress.getAllByName(host))
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .orElseThrow(
                        () -> new IOException("%s has no IPv4 address, and KNXnet/IP knows no other".formatted(host)));
    }

    /** HPAI (03_08_02 Core); all zero means where the datagram comes from. */
    private static byte[] endpoint(boolean nat, InetSocketAddress local) {
        ByteBuffer bytes = ByteBuffer.allocate(ENDPOINT).put((byte) ENDPOINT).put((byte) UDP);
        return nat
                ? bytes.array()
                : bytes.put(local.getAddress().getAddress())
                        .putShort((short) local.getPort())
                        .array();
    }

    /** Where the interface is to answer to. */
    byte[] endpoint() {
        return own.clone();
    }

    /** From now on telegrams go there. */
    void sendDataTo(InetSocketAddress offered) throws IOException {
        if (!offered.equals(control)) {
            channel.disconnect();
            data = offered;
        }
    }

    void send(int service, byte[]... parts) throws IOException {
        try {
            channel.send(Frame.encode(service, parts), Frame.isData(service) ? data : control);
        } catch (PortUnreachableException e) {
            throw new IOException("nobody listens at the port", e);
        }
    }

    /**
     * When all that had come was last received, by {@link System#nanoTime}: what was due by then is late, what was due later may be there already, however
     * late this thread is. Who sends without a pause is not listened to for ever.
     */
    long quiet() {
        return quiet;
    }

    /** The next frame of the interface; null if none came until then, by {@link System#nanoTime}, or the selector was woken. */
    @Nullable
    Frame receive(long until) throws IOException {
        while (true) {
            received.clear();
            long now = System.nanoTime();
            SocketAddress from = datagram();
            held = from == null ? 0 : held + 1;
            if (held % MOST_HELD == 0) {
                quiet = now;
            }
            if (from != null && (from.equals(control) || from.equals(data))) {
                Frame whole = Frame.decode(received.flip());
                if (whole != null) {
                    return whole;
                }
                state.error(PROTOCOL);
            }
            long left = until - quiet;
            if (left <= 0) {
                return null;
            }
            if (from == null) {
                int ready = selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                selector.selectedKeys().clear();
                if (ready == 0) {
                    return null;
                }
            }
        }
    }

    private @Nullable SocketAddress datagram() throws IOException {
        try {
            return channel.receive(received);
        } catch (PortUnreachableException e) {
            throw new IOException("nobody listens at the port", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        // Until the selector has seen it, the socket stays open.
        selector.selectNow();
    }
}
