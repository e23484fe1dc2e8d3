package io.streamforge.adapter.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port of the loopback on which nobody listens, for a server that is started later or again. It lies below those that the kernel gives to outgoing
 * connections (32768 and above): one of these could be taken until then by anybody's connection.
 */
public final class FreePort {

    private static final int LOWEST = 10_000;
    private static final int BEHIND_HIGHEST = 32_768;
    private static final int ATTEMPTS = 1000;

    private FreePort() {}

    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEHIND_HIGHEST);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException e) {
                // Somebody listens there.
            }
        }
        throw new IllegalStateException("No port from %d to %d is free.".formatted(LOWEST, BEHIND_HIGHEST - 1));
    }
}
