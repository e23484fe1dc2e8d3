package io.streamforge.adapter.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between an adapter and its device, on the loopback: a TCP proxy that breaks in all the ways a network does. */
public final class FaultyLink extends AnswerFaults {

    private static final int LARGEST_CHUNK = 65_536;

    private final int target;
    private final int port;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listener;

    /** @param target the device's port */
    public FaultyLink(int target) {
        this.target = target;
        this.listener = listen(0);
        this.port = listener.getLocalPort();
    }

    /** Where the adapter finds the device. */
    @Override
    public int port() {
        return port;
    }

    /** Connections that stand are reset, new ones are refused. */
    @Override
    public void cut() {
        close(listener);
        connections.forEach(Connection::reset);
    }

    /** Everything passes again as it is. */
    @Override
    public void mend() {
        super.mend();
        if (listener.isClosed()) {
            listener = listen(port);
        }
    }

    /** Connections that stand carry nothing any more, and do not end; new ones work. */
    @Override
    public void halfOpen() {
        connections.forEach(connection -> connection.silent = true);
    }

    private ServerSocket listen(int at) {
        try {
            ServerSocket opened = new ServerSocket();
            opened.setReuseAddress(true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            thread(() -> accept(opened));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket adapter = from.accept();
                try {
                    Connection connection =
                            new Connection(adapter, new Socket(InetAddress.getLoopbackAddress(), target));
                    connections.add(connection);
                    if (from.isClosed()) {
                        connection.reset();
                    }
                    thread(connection::ask);
                    thread(connection::answer);
                } catch (IOException e) {
                    reset(adapter);
                }
            } catch (IOException e) {
                // The listener was closed: the loop ends.
            }
        }
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "link");
        thread.setDaemon(true);
        thread.start();
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        close(socket);
    }

    private static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Connection {

        private final Socket adapter;
        private final Socket device;
        private final WayBack back = new WayBack();
        private volatile boolean silent;

        Connection(Socket adapter, Socket device) throws IOException {
            this.adapter = adapter;
            this.device = device;
            adapter.setTcpNoDelay(true);
            device.setTcpNoDelay(true);
        }

        void ask() {
            try {
                InputStream from = adapter.getInputStream();
                OutputStream to = device.getOutputStream();
                byte[] chunk = new byte[LARGEST_CHUNK];
                for (int size = from.read(chunk); size >= 0; size = from.read(chunk)) {
                    back.begin();
                    if (!silent) {
                        to.write(chunk, 0, size);
                    }
                }
            } catch (IOException e) {
                // Either end has gone; the other goes with it.
            }
            end();
        }

        void answer() {
            try {
                InputStream from = device.getInputStream();
                OutputStream to = adapter.getOutputStream();
                byte[] chunk = new byte[LARGEST_CHUNK];
                for (int size = from.read(chunk); size >= 0; size = from.read(chunk)) {
                    byte[] piece = back.pass(Arrays.copyOf(chunk, size));
                    if (piece == null) {
                        return;
                    }
                    if (!silent) {
                        to.write(piece);
                    }
                }
            } catch (IOException e) {
                // Either end has gone; the other goes with it.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!silent) {
                end();
            }
        }

        private void end() {
            back.end();
            connections.remove(this);
            close(adapter);
            close(device);
        }

        void reset() {
            FaultyLink.reset(adapter);
            FaultyLink.reset(device);
            end();
        }
    }
}
