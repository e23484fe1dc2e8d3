package io.streamforge.knx.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * knxd (apt: knxd, knxd-tools): a KNXnet/IP interface with tunnels and no line behind it. Who is connected to it hears the others: {@code knxtool} and {@link BusDevice} over a
 * Unix socket, by knxd's own protocol.
 */
public final class Knxd implements AutoCloseable {

    private final Path folder;
    private final Process process;
    private final int port;

    /**
     * Starts one.
     *
     * @param folder for its files, with a short path
     * @param port or 0 for any that is free
     * @param tunnels and other clients at one time
     */
    public Knxd(Path folder, int port, int tunnels) {
        this.folder = folder;
        try {
            this.port = port == 0 ? freePort() : port;
            Files.deleteIfExists(socket());
            Path options = folder.resolve("knxd.ini");
            Files.writeString(options, """
                    [main]
                    addr=0.0.1
                    client-addrs=0.0.2:%d
                    connections=server,local,line
                    [server]
                    server=ets_router
                    tunnel=tunnel
                    discover=false
                    port=%d
                    interface=lo
                    [tunnel]
                    [local]
                    server=knxd_unix
                    path=%s
                    [line]
                    driver=dummy
                    """.formatted(tunnels, this.port, socket()));
            process = new ProcessBuilder("/usr/bin/knxd", options.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("knxd.log").toFile())
                    .start();
            awaitSocket();
        } catch (IOException e) {
            throw new UncheckedIOException("knxd cannot be started: apt-get install knxd knxd-tools", e);
        }
    }

    private void awaitSocket() throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new IllegalStateException("knxd did not start: " + Files.readString(folder.resolve("knxd.log")));
            }
            try {
                process.waitFor(5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Its socket stands there a moment before it listens. */
    private boolean listens() {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Of UDP. */
    public int port() {
        return port;
    }

    Path socket() {
        return folder.resolve("knx");
    }

    /** What {@code knxtool} prints. */
    public String tool(String applet, String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/knxtool", applet, "local:" + socket()));
        command.addAll(List.of(arguments));
        try {
            Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
            tool.getOutputStream().close();
            String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!tool.waitFor(30, TimeUnit.SECONDS) || tool.exitValue() != 0) {
                tool.destroyForcibly();
                throw new IllegalStateException("%s failed: %s".formatted(command, output));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As if it were unplugged. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
