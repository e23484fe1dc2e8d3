package io.streamforge.simulator;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;

/** The replayed file, RFC 4180 with a first line that names the columns, read again when it was changed. Held in memory whole. */
final class Replay {

    private static final long LARGEST = 64L << 20;

    private static final CsvMapper CSV = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY, CsvParser.Feature.SKIP_EMPTY_LINES, CsvParser.Feature.TRIM_SPACES)
            .build();

    private final Path file;
    private FileTime changed = FileTime.fromMillis(0);
    private List<String> columns = List.of();
    private List<String[]> lines = List.of();
    private int line = -1;

    Replay(Path file) {
        this.file = file;
    }

    /**
     * Goes on to the next line.
     *
     * @throws IOException if there is none; its message says why
     */
    void next() throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(file);
            if (!modified.equals(changed)) {
                load();
                changed = modified;
            }
        } catch (NoSuchFileException e) {
            changed = FileTime.fromMillis(0);
            throw new IOException("file '%s' does not exist".formatted(file), e);
        }
        line = (line + 1) % lines.size();
    }

    /**
     * What the present line has in a column.
     *
     * @throws IOException if it has no such column
     */
    String cell(String column) throws IOException {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IOException("file '%s' has no column '%s', it has %s".formatted(file, column, columns));
        }
        String[] cells = lines.get(line);
        return index < cells.length ? cells[index] : "";
    }

    private void load() throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("file '%s' is larger than %d MiB".formatted(file, LARGEST >> 20));
        }
        try (MappingIterator<String[]> rows = CSV.readerFor(String[].class).readValues(file.toFile())) {
            List<String[]> all = rows.readAll();
            if (all.size() < 2) {
                throw new IOException("file '%s' has no line after the columns' names".formatted(file));
            }
            columns = Arrays.asList(all.get(0));
            lines = all.subList(1, all.size());
            line = -1;
        }
    }
}
