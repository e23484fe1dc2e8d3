package io.streamforge.file;

import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.file.Journal.Identity;
import io.streamforge.file.Journal.Progress;
import io.streamforge.file.Journal.Step;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Position;
import io.streamforge.model.SourcePositions;
import io.streamforge.model.UnavailableException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder whose files are taken one after the other, oldest first. A row counts as taken when the stream has confirmed it and the {@link Journal} says so; the
 * file is renamed when that is true of all of them. What was handed over and not confirmed is handed over again, the very same list while the gateway
 * lives, so that the adapter's stage recognises it. Each exchange takes its journal entry with it as its {@link Position}: where the journal is behind the stream
 * after a crash, it catches up.
 *
 * <p>Lives as long as its consumer, and is opened by each poll that finds it closed.
 */
final class DropFolder implements PolledDevice {

    private static final Logger LOG = LoggerFactory.getLogger(DropFolder.class);

    /** What a file looked like, and since when. */
    private record Seen(long size, FileTime modified, long since) {

        private boolean same(BasicFileAttributes now) {
            return size == now.size() && modified.equals(now.lastModifiedTime());
        }
    }

    /** What will be true when the stream confirms what it was told. */
    private record Promise(Path file, Identity identity, Progress progress, boolean changed) {}

    private final FolderConfig config;
    private final PayloadMapping mapping;
    private final String source;
    private final SourcePositions positions;
    private final Clock clock;
    private final DeviceState state;
    private final Map<Path, Seen> candidates = new HashMap<>();

    private volatile boolean closing;
    private @Nullable Journal journal;
    private @Nullable Taking taking;
    private List<Observation> told = List.of();
    private @Nullable Promise promise;
    private @Nullable Position position;
    private final ReentrantLock busy = new ReentrantLock();

    /** @param source its name in the stream, the same after a restart */
    DropFolder(FolderConfig config, PayloadMapping mapping, String source, SourcePositions positions, Clock clock) {
        this.config = config;
        this.mapping = mapping;
        this.source = source;
        this.positions = positions;
        this.clock = clock;
        this.state = new DeviceState("Drop folder", config.folder().toString());
    }

    /** For one more start of its consumer. */
    DropFolder opened() {
        closing = false;
        return this;
    }

    @Override
    public List<Observation> poll() {
        if (!told.isEmpty()) {
            return told;
        }
        busy.lock();
        try {
            keep();
            while (!closing) {
                Taking current = taking == null ? begin() : taking;
                if (current == null) {
                    break;
                }
                taking = current;
                long rejections = current.rejections();
                List<Observation> seen = current.next(clock.instant().truncatedTo(ChronoUnit.MICROS));
                for (long i = rejections; i < current.rejections(); i++) {
                    state.error("row");
                    state.losses().add(Loss.ROW_REJECTED);
                }
                Progress progress = current.progress();
                promise = new Promise(current.file(), current.identity(), progress, current.changed());
                position = new Position(source, journal().position(current.identity(), progress));
                if (!seen.isEmpty()) {
                    told = seen;
                    break;
                }
                keep();
            }
            state.answered(told.size(), 0, null);
        } catch (IOException e) {
            release();
            state.error("folder");
            state.silent("folder: " + describe(e));
        } finally {
            busy.unlock();
        }
        return told;
    }

    private String describe(IOException e) {
        return e instanceof NoSuchFileException
                ? "'%s' does not exist".formatted(e.getMessage())
                : String.valueOf(e.getMessage());
    }

    @Override
    public @Nullable Position position() {
        return position;
    }

    @Override
    public void confirm() {
        busy.lock();
        told = List.of();
        try {
            keep();
        } catch (IOException e) {
            // The promise stays, and the next poll tries again before it reads on.
            release();
            state.error("folder");
            state.silent("folder: " + describe(e));
        } finally {
            busy.unlock();
        }
    }

    @Override
    public boolean hasMore() {
        return true;
    }

    /** Makes true what was promised, if anything was. */
    private void keep() throws IOException {
        Promise due = promise;
        if (due == null) {
            return;
        }
        Journal open = journal();
        open.note(due.identity(), due.progress());
        if (due.progress().step() == Step.DONE) {
            closeFile();
            if (due.changed()) {
                state.error("changed");
                state.losses().add(Loss.FILE_CHANGED);
                LOG.atWarn()
                        .addKeyValue("file", due.file())
                        .log("A file was changed while it was read; what was added is not taken");
            }
            move(open, due.file(), due.identity(), due.changed() ? ".changed" : ".done");
        }
        promise = null;
    }

    private Journal journal() throws IOException {
        Journal open = journal;
        if (open == null) {
            if (!Files.isDirectory(config.folder())) {
                throw new NoSuchFileException(config.folder().toString());
            }
            open = new Journal(config.folder());
            journal = open;
            try {
                open.catchUp(positions.last(source));
            } catch (UnavailableException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        return open;
    }

    /** Opens the oldest file that is complete; null if there is none. */
    private @Nullable Taking begin() throws IOException {
        Journal open = journal();
        for (Path file : settled()) {
            Identity identity = new Identity(file.getFileName().toString(), digest(file));
            if (closing) {
                return null;
            }
            Progress progress = open.of(identity);
            switch (progress.step()) {
                case TAKEN -> {
                    return new Taking(file, identity, progress, mapping, config);
                }
                case DONE -> move(open, file, identity, ".done");
                case MOVED -> {
                    state.error("duplicate");
                    LOG.atWarn()
                            .addKeyValue("file", file)
                            .log("A file was taken before under the same name, and is not taken again");
                    move(open, file, identity, ".duplicate");
                }
            }
        }
        return null;
    }

    /** Files that have not changed for long enough, oldest first. */
    private List<Path> settled() throws IOException {
        long now = System.nanoTime();
        Map<Path, Seen> present = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(config.folder(), Rows::reads)) {
            for (Path file : files) {
                look(file, now, present);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        candidates.clear();
        candidates.putAll(present);
        return present.entrySet().stream()
                .filter(entry ->
                        now - entry.getValue().since() >= config.settle().toNanos())
                .sorted(Comparator.comparing((Map.Entry<Path, Seen> entry) ->
                                entry.getValue().modified())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private void look(Path file, long now, Map<Path, Seen> present) throws IOException {
        BasicFileAttributes is;
        try {
            is = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            // It went away while it was looked at.
            return;
        }
        if (is.isRegularFile()) {
            Seen before = candidates.get(file);
            present.put(
                    file, before != null && before.same(is) ? before : new Seen(is.size(), is.lastModifiedTime(), now));
        }
    }

    private String digest(Path file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            byte[] chunk = new byte[1 << 16];
            while (!closing && in.read(chunk) >= 0) {
                // The stream counts what it is read for.
            }
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void move(Journal open, Path file, Identity identity, String ending) throws IOException {
        Path target = file.resolveSibling(file.getFileName() + ending);
        for (int number = 2; Files.exists(target); number++) {
            target = file.resolveSibling("%s.%d%s".formatted(file.getFileName(), number, ending));
        }
        if (Files.exists(file)) {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            Journal.sync(config.folder());
        }
        open.note(identity, new Progress(Step.MOVED, 0, 0));
    }

    private void closeFile() throws IOException {
        Taking current = taking;
        taking = null;
        if (current != null) {
            current.close();
        }
    }

    private void release() {
        try (Journal closed = journal) {
            closeFile();
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("folder", config.folder()).setCause(e).log("A drop folder did not close");
        } finally {
            journal = null;
        }
    }

    @Override
    public DeviceState state() {
        return state;
    }

    /** What was told and not confirmed stays, for the next start. What is under way sees it, and is closed by its own thread. */
    @Override
    public void close() {
        closing = true;
        if (busy.tryLock()) {
            try {
                release();
            } finally {
                busy.unlock();
            }
        }
        positions.release(source);
    }
}
