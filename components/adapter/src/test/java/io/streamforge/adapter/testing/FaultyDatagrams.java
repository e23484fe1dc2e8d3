package io.streamforge.adapter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A {@link FaultyNetwork} for UDP. To the device everybody has another port than to this: it must answer to where a datagram came from. */
public final class FaultyDatagrams extends AnswerFaults {

    private static final int LARGEST = 65_535;

    private final InetSocketAddress target;
    private final int port;
    private final Map<SocketAddress, Flow> flows = new ConcurrentHashMap<>();
    private volatile DatagramSocket front;

    /** @param target the device's port */
    public FaultyDatagrams(int target) {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
        this.front = open(0);
        this.port = front.getLocalPort();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void cut() {
        front.close();
        flows.values().forEach(Flow::end);
        flows.clear();
    }

    @Override
    public void mend() {
        super.mend();
        if (front.isClosed()) {
            front = open(port);
        }
    }

    @Override
    public void halfOpen() {
        flows.values().forEach(flow -> flow.silent = true);
    }

    private DatagramSocket open(int at) {
        try {
            DatagramSocket opened = new DatagramSocket(at, InetAddress.getLoopbackAddress());
            thread(() -> ask(opened));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ask(DatagramSocket from) {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        while (!from.isClosed()) {
            try {
                packet.setLength(LARGEST);
                from.receive(packet);
                Flow flow = flows.computeIfAbsent(packet.getSocketAddress(), adapter -> new Flow(from, adapter));
                if (!flow.silent) {
                    flow.device.send(new DatagramPacket(packet.getData(), packet.getLength(), target));
                }
            } catch (IOException e) {
                // It was closed, or the device refused: the loop ends, or goes on.
            }
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "datagrams");
        thread.setDaemon(true);
        thread.start();
    }

    /** All that one port of the adapter sends and gets. */
    private final class Flow {

        private final DatagramSocket front;
        private final SocketAddress adapter;
        private final DatagramSocket device;
        private final WayBack back = new WayBack();
        private volatile boolean silent;

        Flow(DatagramSocket front, SocketAddress adapter) {
            this.front = front;
            this.adapter = adapter;
            try {
                this.device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            thread(this::answer);
        }

        private void answer() {
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
            while (!device.isClosed()) {
                try {
                    packet.setLength(LARGEST);
                    device.receive(packet);
                    back.begin();
                    byte[] piece = back.pass(Arrays.copyOf(packet.getData(), packet.getLength()));
                    if (piece == null) {
                        return;
                    }
                    if (!silent) {
                        front.send(new DatagramPacket(piece, piece.length, adapter));
                    }
                } catch (IOException e) {
                    // Either end has gone: nobody gets what is sent meanwhile.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        private void end() {
            back.end();
            device.close();
        }
    }
}
