package io.streamforge.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.adapter.payload.PayloadMapping.Fault;
import io.streamforge.adapter.payload.PayloadMapping.Result;
import io.streamforge.file.Rows.Row;
import io.streamforge.model.Classification;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into the folder once, and at the beginning of the oldest file in it. No file is taken by it, renamed or rejected. */
public final class DropFolderTester implements ConnectionTester {

    private static final int MOST_ROWS = 100;

    /** More signals than this nobody reads. */
    private static final int MOST_SHOWN = 100;

    @Override
    public String connector() {
        return "file-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        FolderConfig config = FolderConfig.of(
                properties.path("folder").asText(""),
                properties.path("pollIntervalMs").asLong(FolderConfig.DEFAULT_POLL_INTERVAL_MS),
                properties.path("settleMs").asLong(FolderConfig.DEFAULT_SETTLE_MS),
                properties.path("rowsPerExchange").asInt(FolderConfig.DEFAULT_ROWS_PER_EXCHANGE),
                properties.path("delimiter").asText(FolderConfig.Delimiter.COMMA.key()),
                properties.path("epochUnit").asText(EpochUnit.MS.key()));
        Glance glance = new Glance(PayloadMapping.of("File points", points, Set.of(), config.epochUnit()));
        long started = System.nanoTime();
        Optional<String> fault;
        try {
            requireWritable(config.folder());
            Path file = oldest(config.folder());
            fault = Optional.ofNullable(file == null ? null : glance.at(file, config));
        } catch (IOException e) {
            fault = Optional.of("Drop folder '%s' %s.".formatted(config.folder(), describe(e)));
        }
        return new Outcome(glance.samples(), fault, Duration.ofNanos(System.nanoTime() - started));
    }

    /** By making a file and taking it away again: rights alone do not say whether a disk can be written to. */
    private static void requireWritable(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException("is no folder");
        }
        try {
            Files.delete(Files.createTempFile(folder, ".streamforge-", ".test"));
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot be written to by the gateway, which renames the files that it has taken: "
                            + (e instanceof AccessDeniedException ? "access denied" : e.getMessage()),
                    e);
        }
    }

    private static @Nullable Path oldest(Path folder) throws IOException {
        Path oldest = null;
        FileTime since = null;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Rows::reads)) {
            for (Path file : files) {
                FileTime modified = Files.getLastModifiedTime(file);
                if (Files.isRegularFile(file) && (since == null || modified.compareTo(since) < 0)) {
                    oldest = file;
                    since = modified;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return oldest;
    }

    private static String describe(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "cannot be read by the gateway: access denied to '%s'".formatted(e.getMessage());
        }
        return e instanceof NoSuchFileException ? "does not exist" : String.valueOf(e.getMessage());
    }

    /** What the first rows of a file become: the first sample of each signal. */
    private static final class Glance {

        private final PayloadMapping mapping;
        private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        private final Map<String, Sample> seen = new LinkedHashMap<>();
        private final boolean[] found;
        private final @Nullable String[] faults;
        private String looked = "no file is in the folder";

        Glance(PayloadMapping mapping) {
            this.mapping = mapping;
            this.found = new boolean[mapping.rows()];
            this.faults = new String[mapping.rows()];
        }

        /** Says what would be rejected first, null if nothing. */
        @Nullable
        String at(Path file, FolderConfig config) {
            String name = String.valueOf(file.getFileName());
            looked = name + " has no rows";
            String rejected = null;
            int number = 0;
            try (Rows rows = Rows.open(file, config)) {
                for (Row row = rows.next(); row != null && number < MOST_ROWS; row = rows.next()) {
                    number++;
                    String reason = take(row, name);
                    if (reason != null && rejected == null) {
                        rejected = "Row %d of '%s' would be rejected: %s.".formatted(number, name, reason);
                    }
                }
            } catch (IOException e) {
                return "File '%s' cannot be read behind row %d: %s.".formatted(name, number, e.getMessage());
            }
            return rejected;
        }

        private @Nullable String take(Row row, String file) {
            if (row instanceof Row.Malformed malformed) {
                return malformed.reason();
            }
            JsonNode content = ((Row.Content) row).content();
            Result result = mapping.read(content, name -> null, now);
            List<String> fields = new ArrayList<>();
            content.fieldNames().forEachRemaining(fields::add);
            looked = "the first rows of %s have %s".formatted(file, String.join(", ", fields));
            String reason = result.found().isEmpty() ? "no value is in it, " + looked : null;
            for (Fault fault : result.faults()) {
                faults[fault.row()] = fault.reason();
                if (!fault.missing()) {
                    reason = "%s %s".formatted(mapping.label(fault.row()), fault.reason());
                }
            }
            result.found().forEach(one -> {
                found[one.row()] = true;
                Sample sample = one.sample();
                if (seen.size() < MOST_SHOWN) {
                    seen.putIfAbsent(sample.asset() + "/" + sample.parameter(), sample);
                }
            });
            return reason;
        }

        List<Sample> samples() {
            List<Sample> samples = new ArrayList<>(seen.values());
            for (int row = 0; row < found.length; row++) {
                if (!found[row]) {
                    String fault = faults[row];
                    samples.add(new Sample(
                            null,
                            mapping.label(row),
                            null,
                            mapping.unit(row),
                            Classification.TELEMETRY,
                            Quality.UNCERTAIN,
                            fault == null ? looked : fault + "; " + looked,
                            null,
                            now));
                }
            }
            return samples;
        }
    }
}
