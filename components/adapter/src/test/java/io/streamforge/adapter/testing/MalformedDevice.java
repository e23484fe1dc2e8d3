package io.streamforge.adapter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;

/**
 * Answers as a real device did, but for one piece of each conversation, which is malformed and the last on its connection: bits flipped, cut short,
 * lengthened, repeated, or noise. If the client connects again nevertheless, another piece is.
 */
final class MalformedDevice implements MalformedPeer {

    private final List<List<byte[]>> answers;
    private final Random random;
    private final Runnable frames;
    private final ServerSocket listener;
    private int connection;
    /** Which of the answers still to come in this conversation, -1 if it was sent. */
    private int broken;

    private volatile byte[] last = {};

    /**
     * @param answers what the real device answered to one conversation's questions, in order, on each of its connections
     * @param seed the same seed breaks the same pieces in the same way
     * @param frames told of each malformed piece that was sent
     */
    MalformedDevice(List<List<byte[]>> answers, long seed, Runnable frames) throws IOException {
        this.answers = answers;
        this.random = new Random(seed);
        this.frames = frames;
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "malformed device");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public byte[] last() {
        return last;
    }

    @Override
    public synchronized void next() {
        connection = 0;
        broken = random.nextInt(answers.stream().mapToInt(List::size).sum());
    }

    private void run() {
        while (!listener.isClosed()) {
            try (Socket client = listener.accept()) {
                converse(client);
            } catch (IOException e) {
                // The client has gone, which is its right, or the listener was closed, which ends the loop.
            }
        }
    }

    /** What is sent on the next connection, the malformed piece last if it is on this one. */
    private record Course(List<byte[]> answers, boolean malformed) {}

    private synchronized Course course() {
        List<byte[]> whole = answers.get(Math.min(connection, answers.size() - 1));
        connection++;
        int at = broken < 0 ? random.nextInt(whole.size()) : broken;
        if (at < whole.size()) {
            broken = -1;
            return new Course(whole.subList(0, at + 1), true);
        }
        broken = at - whole.size();
        return new Course(whole, false);
    }

    private void converse(Socket client) throws IOException {
        Course course = course();
        byte[] asked = new byte[65_536];
        for (int i = 0; i < course.answers().size(); i++) {
            if (client.getInputStream().read(asked) < 0) {
                return;
            }
            byte[] answer = course.answers().get(i);
            boolean malformed = course.malformed() && i == course.answers().size() - 1;
            if (malformed) {
                answer = Malformed.of(answer, random);
                last = answer;
            }
            client.getOutputStream().write(answer);
            if (malformed) {
                frames.run();
                client.shutdownOutput();
            }
        }
        // Closing with unread questions would reset the connection and take the answer back.
        while (client.getInputStream().read(asked) >= 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
