package io.streamforge.templates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The way to a registry, which can be cut while the registry itself stays up: connections end at once and no new ones are taken. */
final class RegistryPath implements AutoCloseable {

    private final int registryPort;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;

    RegistryPath(int registryPort) throws IOException {
        this.registryPort = registryPort;
        this.listener = listen(0);
        this.port = listener.getLocalPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Takes connections again. */
    void open() throws IOException {
        listener = listen(port);
    }

    private ServerSocket listen(int at) throws IOException {
        ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), at));
        daemon(() -> accept(opened));
        return opened;
    }

    private void accept(ServerSocket opened) {
        while (!opened.isClosed()) {
            try {
                Socket client = opened.accept();
                Socket registry = new Socket(InetAddress.getLoopbackAddress(), registryPort);
                connections.add(client);
                connections.add(registry);
                if (opened.isClosed()) {
                    // An accept() that stands when the socket is closed may still return a connection.
                    cutAll();
                }
                daemon(() -> pass(client, registry));
                daemon(() -> pass(registry, client));
            } catch (IOException e) {
                // Cut, or the registry is away: whoever asks finds nobody.
            }
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream()) {
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                to.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // One end was closed; both are now.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "registry-path");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            cutAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cutAll() throws IOException {
        for (Socket socket : connections) {
            socket.close();
        }
        connections.clear();
    }
}
