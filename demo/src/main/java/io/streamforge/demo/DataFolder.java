package io.streamforge.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo keeps what outlives it. A running demo holds the folder's lock, which the operating system takes back even from a
 * killed process, so that it never has to be guessed whether one is running.
 */
record DataFolder(Path root) {

    /** What {@code --clean} removes; builds, PostgreSQL's unpacked programs and the build's log stay. */
    private static final List<String> DATA =
            List.of("broker", "postgres", "control-plane", "gateway", "secrets.json", "plant.json", "demo.json");

    Path of(String part) {
        return root.resolve(part);
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path state() {
        return root.resolve("demo.json");
    }

    /** The right to run a demo here, or empty when another process has it. */
    Optional<FileChannel> lock() {
        FileChannel channel = null;
        try {
            Files.createDirectories(logs());
            channel = FileChannel.open(root.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(channel);
            }
            channel.close();
            return Optional.empty();
        } catch (OverlappingFileLockException e) {
            close(channel);
            return Optional.empty();
        } catch (IOException e) {
            close(channel);
            throw new DemoException(
                    "Cannot use the data folder %s: %s. Choose another with --data.".formatted(root, e), e);
        }
    }

    boolean locked() {
        if (!Files.exists(root.resolve("demo.lock"))) {
            return false;
        }
        Optional<FileChannel> free = lock();
        free.ifPresent(DataFolder::close);
        return free.isEmpty();
    }

    void clean() {
        for (String part : DATA) {
            deleteTree(of(part));
        }
    }

    static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + root, e);
        }
    }

    /** Replaces a file so that a reader or a crash sees the old or the new content, and nobody else may read it. */
    static void writePrivately(Path file, byte[] content) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    static void close(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
