package io.streamforge.knx.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A KNXnet/IP interface with one tunnel, written from the specification for what knxd cannot be made to do: it refuses, forgets, repeats, loses, and says that
 * the bus did not take something. Connections: KNX Standard 03_08_02 Core; tunnelling: 03_08_04 Tunnelling §2.6; messages: 03_06_03 EMI and IMI (L_Data of cEMI). Calimero's client talks to it, too.
 */
public final class KnxInterface implements AutoCloseable {

    /** Of the tunnel. */
    public static final int CHANNEL = 21;

    /** 03_08_04 §2.2; Calimero asks for one to manage the device first. */
    private static final int TUNNEL_CONNECTION = 4;

    private static final HexFormat HEX = HexFormat.of();

    private final DatagramSocket control;
    private final @Nullable DatagramSocket data;
    private final Map<Integer, String> objects = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    private volatile int connectStatus;
    private volatile int stateStatus;
    private volatile boolean silentState;
    private volatile int lostAcknowledgements;
    private volatile int acknowledgement;
    private volatile int confirmation = 0xBC;
    private volatile @Nullable SocketAddress client;
    private int sequence;
    private int expected;

    /** @param twoPorts whether telegrams go through another port than the connection's own messages */
    public KnxInterface(boolean twoPorts) {
        try {
            control = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            data = twoPorts ? new DatagramSocket(0, InetAddress.getLoopbackAddress()) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        serve(control);
        if (data != null) {
            serve(data);
        }
    }

    public int port() {
        return control.getLocalPort();
    }

    /** A device behind it answers whoever reads the group. */
    public KnxInterface has(int group, String apdu) {
        objects.put(group, apdu);
        return this;
    }

    /** Every datagram so far, in hexadecimal. */
    public List<String> received() {
        return List.copyOf(received);
    }

    /** How many datagrams of a service came so far. */
    public long received(String service) {
        return received.stream()
                .filter(datagram -> datagram.startsWith("0610" + service))
                .count();
    }

    /** What it answers to who wants to connect; 0 is yes. */
    public void connectStatus(int status) {
        connectStatus = status;
    }

    /** What it says when it is asked whether the tunnel stands; 0 is yes. */
    public void stateStatus(int status) {
        stateStatus = status;
    }

    /** Whether it does not say whether the tunnel stands. */
    public void silentState(boolean silent) {
        silentState = silent;
    }

    /** So many requests it takes without acknowledging them, as if the acknowledgement got lost. */
    public void lostAcknowledgements(int lost) {
        lostAcknowledgements = lost;
    }

    /** With which status it acknowledges; only 0 means that it took the request. */
    public void acknowledgement(int status) {
        acknowledgement = status;
    }

    /** First control byte of confirmations: BC for on the bus, BD for not; 0 for no confirmation. */
    public void confirmation(int control) {
        confirmation = control;
    }

    /** Ends the tunnel. */
    public void disconnect() {
        send(control, "02090010%02x000801000000000000".formatted(CHANNEL));
    }

    /** Sends a telegram to a group from the bus; never between a request and its confirmation, whose number would be the same. */
    public synchronized void tell(int group, String apdu) {
        tell(group, apdu, sequence);
        sequence = sequence + 1 & 0xFF;
    }

    /** The same with a sequence number of its own. */
    public synchronized void tell(int group, String apdu, int number) {
        tunnel("2900bcd01105%04x%02x00%s".formatted(group, apdu.length() / 2, apdu), number);
    }

    /** The number that the next telegram has. */
    public synchronized int sequence() {
        return sequence;
    }

    /** Sends what is nothing. */
    public void raw(byte[] bytes) {
        SocketAddress to = client;
        if (to != null) {
            try {
                control.send(new DatagramPacket(bytes, bytes.length, to));
            } catch (IOException e) {
                // The client is gone.
            }
        }
    }

    private void serve(DatagramSocket socket) {
        Thread thread = new Thread(
                () -> {
                    DatagramPacket packet = new DatagramPacket(new byte[600], 600);
                    while (!socket.isClosed()) {
                        try {
                            packet.setLength(600);
                            socket.receive(packet);
                            handle(packet);
                        } catch (IOException e) {
                            // Closed, or the client is gone.
                        }
                    }
                },
                "knx interface");
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void handle(DatagramPacket packet) {
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        received.add(HEX.formatHex(bytes));
        int service = bytes[2] << 8 | bytes[3];
        switch (service) {
            case 0x0205 -> connect(bytes, packet.getSocketAddress());
            case 0x0207 -> {
                if (!silentState) {
                    send(control, "02080008%02x%02x".formatted(CHANNEL, stateStatus));
                }
            }
            case 0x0209 -> send(control, "020a0008%02x00".formatted(CHANNEL));
            case 0x0420 -> request(bytes);
            default -> {
                // An acknowledgement, or the answer to a farewell.
            }
        }
    }

    private void connect(byte[] bytes, SocketAddress from) {
        InetSocketAddress offered = new InetSocketAddress(
                address(Arrays.copyOfRange(bytes, 8, 12)), (bytes[12] & 0xFF) << 8 | bytes[13] & 0xFF);
        if (bytes[23] != TUNNEL_CONNECTION) {
            send(control, "020600080022", offered.getPort() == 0 ? from : offered);
            return;
        }
        client = offered.getPort() == 0 ? from : offered;
        sequence = 0;
        expected = 0;
        if (connectStatus != 0) {
            send(control, "0206000800%02x".formatted(connectStatus));
        } else {
            DatagramSocket telegrams = data == null ? control : data;
            send(control, "02060014%02x0008017f000001%04x0404110a".formatted(CHANNEL, telegrams.getLocalPort()));
        }
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 03_08_04 §2.6: the one before the expected is acknowledged once more and not taken, any other is neither. */
    private void request(byte[] bytes) {
        int number = bytes[8] & 0xFF;
        boolean next = number == expected;
        if (!next && number != (expected - 1 & 0xFF)) {
            return;
        }
        if (lostAcknowledgements > 0) {
            lostAcknowledgements--;
            return;
        }
        send(data == null ? control : data, "0421000a04%02x%02x%02x".formatted(CHANNEL, number, acknowledgement));
        if (acknowledgement != 0 || !next) {
            return;
        }
        expected = expected + 1 & 0xFF;
        byte[] cemi = Arrays.copyOfRange(bytes, 10, bytes.length);
        if (confirmation != 0) {
            byte[] said = cemi.clone();
            said[0] = 0x2E;
            said[2] = (byte) confirmation;
            tunnel(HEX.formatHex(said), sequence);
            sequence = sequence + 1 & 0xFF;
        }
        int group = (cemi[6] & 0xFF) << 8 | cemi[7] & 0xFF;
        String object = objects.get(group);
        if ((cemi[10] & 0xC0) == 0 && object != null) {
            String answer =
                    "%02x%s".formatted(0x40 | Integer.parseInt(object.substring(0, 2), 16), object.substring(2));
            tell(group, answer);
        }
    }

    private void tunnel(String cemi, int number) {
        send(
                data == null ? control : data,
                "0420%04x04%02x%02x00%s".formatted(10 + cemi.length() / 2, CHANNEL, number, cemi));
    }

    private void send(DatagramSocket from, String body) {
        send(from, body, client);
    }

    private static void send(DatagramSocket from, String body, @Nullable SocketAddress to) {
        byte[] bytes = ByteBuffer.allocate(2 + body.length() / 2)
                .put(HEX.parseHex("0610"))
                .put(HEX.parseHex(body))
                .array();
        if (to != null) {
            try {
                from.send(new DatagramPacket(bytes, bytes.length, to));
            } catch (IOException e) {
                // The client is gone.
            }
        }
    }

    @Override
    public void close() {
        control.close();
        if (data != null) {
            data.close();
        }
    }
}
