package io.streamforge.adapter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Answers as a real device did, but for one piece of each conversation, which is malformed and the last: bits flipped, cut short, lengthened, repeated,
 * or noise.
 */
final class MalformedDevice implements AutoCloseable {

    private static final int LONGEST_NOISE = 600;

    private final List<byte[]> answers;
    private final Random random;
    private final ServerSocket listener;
    private volatile byte[] last = {};

    /**
     * @param answers what the real device answered to one conversation's questions, in order
     * @param seed the same seed breaks the same pieces in the same way
     */
    MalformedDevice(List<byte[]> answers, long seed) throws IOException {
        this.answers = answers;
        this.random = new Random(seed);
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "malformed device");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The malformed piece of the last conversation. */
    byte[] last() {
        return last;
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

    private void converse(Socket client) throws IOException {
        int broken = random.nextInt(answers.size());
        byte[] asked = new byte[65_536];
        for (int i = 0; i <= broken; i++) {
            if (client.getInputStream().read(asked) < 0) {
                return;
            }
            byte[] answer = answers.get(i);
            if (i == broken) {
                answer = malformed(answer);
                last = answer;
            }
            client.getOutputStream().write(answer);
        }
        client.shutdownOutput();
        // Closing with unread questions would reset the connection and take the answer back.
        while (client.getInputStream().read(asked) >= 0) {
            Thread.onSpinWait();
        }
    }

    private byte[] malformed(byte[] answer) {
        byte[] piece = answer.clone();
        int at = random.nextInt(piece.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> piece = Arrays.copyOf(piece, at);
            case 2 -> {
                piece = Arrays.copyOf(piece, piece.length + 1 + random.nextInt(LONGEST_NOISE));
                for (int i = at; i < piece.length; i++) {
                    piece[i] = (byte) random.nextInt();
                }
            }
            case 3 -> {
                int length = piece.length;
                piece = Arrays.copyOf(piece, length * 2);
                System.arraycopy(piece, 0, piece, length, length);
            }
            case 4 -> {
                // A length, a count or a sign is often one of these.
                piece[at] = (byte) 0xFF;
                piece[(at + 1) % piece.length] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
            }
            default -> {
                piece = new byte[random.nextInt(LONGEST_NOISE)];
                random.nextBytes(piece);
            }
        }
        return piece;
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
