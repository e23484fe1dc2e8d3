package io.streamforge.knx.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A device behind {@link Knxd}: has group objects, answers who reads them, and takes what is written to them, as {@code knxtool groupsocketlisten} does, over knxd's own protocol. */
public final class BusDevice implements AutoCloseable {

    private static final int OPEN_GROUP_SOCKET = 0x26;
    private static final int GROUP_PACKET = 0x27;

    private final SocketChannel channel;
    private final Map<Integer, byte[]> objects = new ConcurrentHashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    public BusDevice(Knxd knxd) {
        try {
            channel = SocketChannel.open(UnixDomainSocketAddress.of(knxd.socket()));
            write(OPEN_GROUP_SOCKET, new byte[] {0, 0, 0});
            Thread thread = new Thread(this::run, "bus device");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has a group object, which answers.
     *
     * @param group in three levels
     * @param apdu in hexadecimal what follows the service's bits: one byte below 40 for up to six bits, else {@code 00} and the bytes
     */
    public BusDevice has(String group, String apdu) {
        objects.put(raw(group), HexFormat.of().parseHex(apdu));
        return this;
    }

    /** Answers no more. */
    public void forget(String group) {
        objects.remove(raw(group));
    }

    /** Writes its own value to the group, as devices do when it changes. */
    public void tell(String group, String apdu) {
        has(group, apdu);
        send(raw(group), 0x80, HexFormat.of().parseHex(apdu));
    }

    /** Every telegram so far, as {@code 1/2/3 0081}. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    private static int raw(String group) {
        String[] parts = group.split("/");
        return Integer.parseInt(parts[0]) << 11 | Integer.parseInt(parts[1]) << 8 | Integer.parseInt(parts[2]);
    }

    private void run() {
        try {
            ByteBuffer head = ByteBuffer.allocate(2);
            while (fill(head.clear())) {
                ByteBuffer body = ByteBuffer.allocate(head.flip().getShort());
                if (!fill(body)) {
                    return;
                }
                if (body.flip().getShort() == GROUP_PACKET) {
                    body.getShort();
                    int group = body.getShort() & 0xFFFF;
                    byte[] apdu = new byte[body.remaining()];
                    body.get(apdu);
                    hear(group, apdu);
                }
            }
        } catch (IOException e) {
            // Closed, or knxd has gone.
        }
    }

    private void hear(int group, byte[] apdu) {
        heard.add("%d/%d/%d %s"
                .formatted(
                        group >> 11,
                        group >> 8 & 7,
                        group & 0xFF,
                        HexFormat.of().formatHex(apdu)));
        byte[] object = objects.get(group);
        int service = apdu[1] & 0xC0;
        if (object != null && service == 0) {
            send(group, 0x40, object);
        } else if (object != null && service == 0x80) {
            byte[] written = new byte[apdu.length - 1];
            System.arraycopy(apdu, 1, written, 0, written.length);
            written[0] &= 0x3F;
            objects.put(group, written);
        }
    }

    private void send(int group, int service, byte[] value) {
        ByteBuffer packet = ByteBuffer.allocate(3 + value.length)
                .putShort((short) group)
                .put((byte) 0)
                .put(value);
        packet.put(3, (byte) (service | value[0]));
        try {
            write(GROUP_PACKET, packet.array());
        } catch (IOException e) {
            // knxd has gone.
        }
    }

    private synchronized void write(int type, byte[] body) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(4 + body.length)
                .putShort((short) (2 + body.length))
                .putShort((short) type)
                .put(body)
                .flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
