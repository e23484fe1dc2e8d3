package io.streamforge.plc.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where a responder on the loopback is reached: each connection is served on a thread of its own, all are reset when it closes. */
final class Listener implements AutoCloseable {

    /** Talks with one client until it, or the client, has had enough. */
    interface Service {
        void serve(Socket client) throws IOException;
    }

    private final ServerSocket socket;
    private final String name;
    private final Service service;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /**
     * @param port 0 for any
     * @param name of its threads
     */
    Listener(int port, String name, Service service) {
        this.name = name;
        this.service = service;
        try {
            socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void start(Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                clients.add(client);
                if (socket.isClosed()) {
                    // An accept() that stands when the socket is closed may still return a connection.
                    reset(client);
                } else {
                    start(() -> serve(client));
                }
            } catch (IOException e) {
                // Closed, which ends the loop.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            service.serve(client);
        } catch (IOException e) {
            // The client has gone, which is its right.
        } finally {
            clients.remove(client);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clients.forEach(Listener::reset);
    }

    private static void reset(Socket client) {
        try (client) {
            client.setSoLinger(true, 0);
        } catch (IOException e) {
            // It has gone already.
        }
    }
}
