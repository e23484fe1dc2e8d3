package io.streamforge.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of one file, from first to last. */
interface Rows extends Closeable {

    /** Endings of the files that are read. */
    List<String> ENDINGS = List.of(".csv", ".json", ".jsonl", ".parquet");

    /** One row. */
    sealed interface Row {

        /** @param content with a field for each of its columns */
        record Content(JsonNode content) implements Row {}

        /**
         * It cannot be read; those behind it can.
         *
         * @param raw what it holds
         */
        record Malformed(String reason, String raw) implements Row {}
    }

    /**
     * The next row; null at the end.
     *
     * @throws IOException if nothing behind the last row can be read
     */
    @Nullable
    Row next() throws IOException;

    /** Whether a file is one that is read. */
    static boolean reads(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** @throws IOException if it is not what its ending says, with the reason */
    static Rows open(Path file, FolderConfig config) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return new CsvRows(file, config.delimiter().character());
        }
        if (name.endsWith(".parquet")) {
            return new ParquetRows(file);
        }
        return new JsonRows(file);
    }
}
