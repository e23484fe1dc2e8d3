package io.streamforge.adapter.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A {@link MalformedPeer} over UDP, where a malformed piece ends nothing: each question gets many of them, then what a real device answered to it. */
final class MalformedDatagrams implements MalformedPeer {

    private static final int LARGEST = 65_535;
    private static final int MALFORMED_PER_QUESTION = 20;

    private final List<byte[]> answers;
    private final Random random;
    private final Runnable frames;
    private final DatagramSocket socket;
    /** How many of its questions were answered, by client. */
    private final Map<SocketAddress, Integer> answered = new HashMap<>();

    private volatile byte[] last = {};

    /**
     * @param answers what the real device answered to one conversation's questions, in order
     * @param seed the same seed breaks the same pieces in the same way
     * @param frames told of each malformed piece that was sent
     */
    MalformedDatagrams(List<byte[]> answers, long seed, Runnable frames) throws IOException {
        this.answers = answers;
        this.random = new Random(seed);
        this.frames = frames;
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "malformed datagrams");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public byte[] last() {
        return last;
    }

    /** Each conversation has a port of its own. */
    @Override
    public synchronized void next() {
        answered.clear();
    }

    private void run() {
        DatagramPacket question = new DatagramPacket(new byte[LARGEST], LARGEST);
        while (!socket.isClosed()) {
            try {
                question.setLength(LARGEST);
                socket.receive(question);
                SocketAddress client = question.getSocketAddress();
                byte[] answer = answers.get(next(client) % answers.size());
                for (int i = 0; i < MALFORMED_PER_QUESTION; i++) {
                    last = Malformed.of(answer, random);
                    socket.send(new DatagramPacket(last, last.length, client));
                    frames.run();
                }
                socket.send(new DatagramPacket(answer, answer.length, client));
            } catch (IOException e) {
                // The client has gone, which is its right, or the socket was closed, which ends the loop.
            }
        }
    }

    private synchronized int next(SocketAddress client) {
        return answered.merge(client, 1, Integer::sum) - 1;
    }

    @Override
    public void close() {
        socket.close();
    }
}
