package io.streamforge.adapter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A {@link FaultyNetwork} for UDP. To the device everybody has another port than to this: it must answer to where a datagram came from. */
public final class FaultyDatagrams implements FaultyNetwork {

    private static final int LARGEST = 65_535;

    private final InetSocketAddress target;
    private final int port;
    private final Map<SocketAddress, Flow> flows = new ConcurrentHashMap<>();
    private final List<List<byte[]>> answers = new ArrayList<>();
    private final Random random = new Random(7);
    private volatile DatagramSocket front;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean garbled;
    private final AtomicInteger underWay = new AtomicInteger();

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
        delay = Duration.ZERO;
        garbled = false;
        if (front.isClosed()) {
            front = open(port);
        }
    }

    @Override
    public void halfOpen() {
        flows.values().forEach(flow -> flow.silent = true);
    }

    @Override
    public void delay(Duration delay) {
        this.delay = delay;
    }

    @Override
    public boolean keepsWaiting() {
        return underWay.get() > 0;
    }

    @Override
    public void garble() {
        garbled = true;
    }

    @Override
    public List<List<byte[]>> answers() {
        synchronized (answers) {
            return answers.stream()
                    .filter(flow -> !flow.isEmpty())
                    .map(List::copyOf)
                    .toList();
        }
    }

    @Override
    public void close() {
        cut();
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
        private final CountDownLatch ended = new CountDownLatch(1);
        private final List<byte[]> own = new ArrayList<>();
        private volatile boolean silent;

        Flow(DatagramSocket front, SocketAddress adapter) {
            this.front = front;
            this.adapter = adapter;
            try {
                this.device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            synchronized (answers) {
                answers.add(own);
            }
            thread(this::answer);
        }

        private void answer() {
            DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
            while (!device.isClosed()) {
                try {
                    packet.setLength(LARGEST);
                    device.receive(packet);
                    byte[] piece = Arrays.copyOf(packet.getData(), packet.getLength());
                    synchronized (answers) {
                        own.add(piece.clone());
                    }
                    if (endsWithin(delay)) {
                        return;
                    }
                    if (garbled) {
                        random.nextBytes(piece);
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

        private boolean endsWithin(Duration delay) throws InterruptedException {
            if (delay.isZero()) {
                return ended.getCount() == 0;
            }
            underWay.incrementAndGet();
            try {
                return ended.await(delay.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                underWay.decrementAndGet();
            }
        }

        private void end() {
            ended.countDown();
            device.close();
        }
    }
}
