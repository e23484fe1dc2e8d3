package io.streamforge.adapter.testing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds at one moment.
 *
 * @param threads names of those that live
 * @param sockets open, of any kind
 * @param heap bytes in use after a collection
 */
record Footprint(List<String> threads, long sockets, long heap) {

    /** Without the thread of Awaitility, which may be the one that asks. */
    static Footprint now() throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        long sockets;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            sockets = open.filter(Footprint::isSocket).count();
        }
        return new Footprint(
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> !name.equals("awaitility-thread"))
                        .sorted()
                        .toList(),
                sockets,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }
}
