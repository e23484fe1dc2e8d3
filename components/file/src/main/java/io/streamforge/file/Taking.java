package io.streamforge.file;

import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.adapter.payload.PayloadMapping.Fault;
import io.streamforge.adapter.payload.PayloadMapping.Found;
import io.streamforge.adapter.payload.PayloadMapping.Result;
import io.streamforge.file.Journal.Identity;
import io.streamforge.file.Journal.Progress;
import io.streamforge.file.Journal.Step;
import io.streamforge.file.Rows.Row;
import io.streamforge.model.Observation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One file while it is read, from the row that the journal says. */
final class Taking implements Closeable {

    /** More samples than this are not handed over at once, however few the rows. */
    private static final int MOST_SAMPLES = 10_000;

    private final Path file;
    private final Identity identity;
    private final PayloadMapping mapping;
    private final int most;
    private final FileTime modified;
    private final Rejected rejected;
    private @Nullable Rows rows;
    private long row;
    private long rejections;
    private boolean ended;

    Taking(Path file, Identity identity, Progress progress, PayloadMapping mapping, FolderConfig config)
            throws IOException {
        this.file = file;
        this.identity = identity;
        this.mapping = mapping;
        this.most = config.rowsPerExchange();
        this.modified = Files.getLastModifiedTime(file);
        this.rejected = new Rejected(file.resolveSibling(file.getFileName() + ".rejected"), progress.rejectedBytes());
        try {
            Rows opened = Rows.open(file, config);
            rows = opened;
            while (row < progress.rows() && opened.next() != null) {
                row++;
            }
        } catch (IOException e) {
            breakOff(e);
        }
    }

    /** The samples of the next rows; none if they were all rejected, or there are no more. */
    List<Observation> next(Instant now) throws IOException {
        List<Observation> seen = new ArrayList<>();
        Rows open = rows;
        for (int read = 0; open != null && !ended && read < most && seen.size() < MOST_SAMPLES; read++) {
            Row next;
            try {
                next = open.next();
            } catch (IOException e) {
                breakOff(e);
                return seen;
            }
            if (next == null) {
                ended = true;
            } else {
                row++;
                take(next, now, seen);
            }
        }
        return seen;
    }

    private void take(Row next, Instant now, List<Observation> seen) throws IOException {
        if (next instanceof Row.Malformed malformed) {
            reject(malformed.reason(), malformed.raw());
        } else if (next instanceof Row.Content content) {
            Result result = mapping.read(content.content(), name -> null, now);
            Optional<Fault> unusable =
                    result.faults().stream().filter(fault -> !fault.missing()).findFirst();
            if (unusable.isPresent()) {
                Fault fault = unusable.get();
                reject(
                        mapping.label(fault.row()) + " " + fault.reason(),
                        content.content().toString());
            } else if (result.found().isEmpty()) {
                reject("no value is in it", content.content().toString());
            } else {
                result.found().stream().map(Found::sample).forEach(seen::add);
            }
        }
    }

    /** Nothing behind this row can be read. */
    private void breakOff(IOException e) throws IOException {
        row++;
        reject(String.valueOf(e.getMessage()), "");
        ended = true;
    }

    private void reject(String reason, String content) throws IOException {
        rejections++;
        rejected.add(row, reason, content);
    }

    Path file() {
        return file;
    }

    Identity identity() {
        return identity;
    }

    /** How many rows were rejected since it was opened. */
    long rejections() {
        return rejections;
    }

    /** How far it has come, with what was rejected on the disk. */
    Progress progress() throws IOException {
        return new Progress(ended ? Step.DONE : Step.TAKEN, row, rejected.flush());
    }

    boolean ended() {
        return ended;
    }

    /** Whether somebody has written to it meanwhile. */
    boolean changed() throws IOException {
        return !Files.getLastModifiedTime(file).equals(modified);
    }

    @Override
    public void close() throws IOException {
        Rows open = rows;
        rows = null;
        try (Rejected closing = rejected) {
            if (open != null) {
                open.close();
            }
        }
    }
}
