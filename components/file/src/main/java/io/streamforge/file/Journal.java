package io.streamforge.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the files of a folder were taken: a file in the folder itself, one line per entry, on the disk before anything is done that relies on it.
 * Whoever has it open has the folder to himself.
 *
 * <p>The first line is {@code JOURNAL <id>}: a folder that was emptied and begins anew has another. A line is {@code TAKEN <sha256> <rows> <rejected bytes> <name>}, {@code DONE <sha256> 0 0 <name>} when all rows are taken, or
 * {@code MOVED <sha256> 0 0 <name>} when the file was renamed; the last of a file counts. A line without an end was cut by a crash, and counts for nothing.
 */
final class Journal implements Closeable {

    /** A file is itself by its name and what is in it. */
    record Identity(String name, String sha256) {}

    enum Step {
        TAKEN,
        DONE,
        MOVED
    }

    /**
     * How far a file has come.
     *
     * @param rows that the stream has, or that were rejected
     * @param rejectedBytes length of the file of rejected rows at that point
     */
    record Progress(Step step, long rows, long rejectedBytes) {

        static final Progress NONE = new Progress(Step.TAKEN, 0, 0);
    }

    private static final String FILE = ".streamforge-journal";
    private static final String HEAD = "JOURNAL";
    private static final String LOCK = ".streamforge-lock";

    /** So many files are remembered, to know one that comes again. */
    private static final int MOST_FILES = 10_000;

    private final Map<Identity, Progress> files = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Identity, Progress> eldest) {
            return size() > MOST_FILES;
        }
    };
    private String id = UUID.randomUUID().toString();
    private final FileChannel lock;
    private final FileChannel lines;

    /** @throws IOException if the folder cannot be written to, or another has it; the message says which */
    Journal(Path folder) throws IOException {
        lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!locked(lock)) {
                throw new IOException("'%s' is read by another adapter".formatted(folder));
            }
            Path file = folder.resolve(FILE);
            if (Files.exists(file)) {
                replay(Files.readString(file));
            }
            Path compact = folder.resolve(FILE + ".new");
            lines = FileChannel.open(
                    compact, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            write("%s %s\n".formatted(HEAD, id)
                    + files.entrySet().stream()
                            .map(entry -> line(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining()));
            Files.move(compact, file, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** A rename is on the disk when its folder is. */
    static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private void replay(String text) {
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        for (String line : whole.lines().toList()) {
            List<String> parts = List.of(line.split(" ", 5));
            if (parts.size() == 5) {
                put(identity(parts), progress(parts));
            } else if (parts.size() == 2 && parts.get(0).equals(HEAD)) {
                id = parts.get(1);
            }
        }
    }

    private static Identity identity(List<String> parts) {
        return new Identity(parts.get(4), parts.get(1));
    }

    private static Progress progress(List<String> parts) {
        return new Progress(Step.valueOf(parts.get(0)), Long.parseLong(parts.get(2)), Long.parseLong(parts.get(3)));
    }

    private void put(Identity identity, Progress progress) {
        files.remove(identity);
        files.put(identity, progress);
    }

    private static String line(Identity identity, Progress progress) {
        return "%s %s %d %d %s\n"
                .formatted(
                        progress.step(), identity.sha256(), progress.rows(), progress.rejectedBytes(), identity.name());
    }

    /** How far a file has come; none at all if it was never seen. */
    Progress of(Identity identity) {
        return files.getOrDefault(identity, Progress.NONE);
    }

    /** Returns when the entry is on the disk. */
    void note(Identity identity, Progress progress) throws IOException {
        write(line(identity, progress));
        put(identity, progress);
    }

    /** An entry as the stream keeps it: which journal, and the line. */
    String position(Identity identity, Progress progress) {
        return id + " " + line(identity, progress).stripTrailing();
    }

    /**
     * Notes what the stream says, if that is further than what stands here: then the process ended between the two.
     *
     * @param position of {@link #position}; null, or of another journal, is nothing to it
     */
    void catchUp(@Nullable String position) throws IOException {
        if (position == null || !position.startsWith(id + " ")) {
            return;
        }
        List<String> parts = List.of(position.substring(id.length() + 1).split(" ", 5));
        Progress there = progress(parts);
        Progress here = of(identity(parts));
        if (here.step() == Step.TAKEN && (there.step() == Step.DONE || there.rows() > here.rows())) {
            note(identity(parts), there);
        }
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            lines.write(bytes);
        }
        lines.force(false);
    }

    @Override
    public void close() throws IOException {
        try {
            lines.close();
        } finally {
            lock.close();
        }
    }
}
