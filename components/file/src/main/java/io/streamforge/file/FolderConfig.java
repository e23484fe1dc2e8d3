package io.streamforge.file;

import io.streamforge.adapter.OptionErrors;
import io.streamforge.adapter.payload.EpochUnit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Which folder, and how its files are read. Reports everything that is wrong with it at once.
 *
 * @param folder absolute; must be writable, because files that were taken are renamed
 * @param pollInterval from one look into the folder to the next, 100 ms to an hour
 * @param settle how long a file must not have changed before it is read, 0 to an hour
 * @param rowsPerExchange 1–10,000; so many go to the stream in one transaction
 * @param delimiter of CSV
 * @param epochUnit of timestamps that are numbers
 */
record FolderConfig(
        Path folder,
        Duration pollInterval,
        Duration settle,
        int rowsPerExchange,
        Delimiter delimiter,
        EpochUnit epochUnit) {

    /** What an endpoint takes where nothing is said; kamelets/file-source says the same. */
    static final long DEFAULT_POLL_INTERVAL_MS = 1000;

    static final long DEFAULT_SETTLE_MS = 2000;
    static final int DEFAULT_ROWS_PER_EXCHANGE = 500;

    /** What divides the cells of a line. */
    enum Delimiter {
        COMMA(','),
        SEMICOLON(';'),
        TAB('\t');

        private final char character;

        Delimiter(char character) {
            this.character = character;
        }

        char character() {
            return character;
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws IllegalArgumentException with all that is wrong */
    static FolderConfig of(
            String folder,
            long pollIntervalMs,
            long settleMs,
            int rowsPerExchange,
            String delimiter,
            String epochUnit) {
        OptionErrors errors = new OptionErrors();
        if (!folder.startsWith("/")) {
            errors.add("folder must be an absolute path, got '%s'".formatted(folder));
        }
        errors.range("pollIntervalMs", pollIntervalMs, 100, 3_600_000);
        errors.range("settleMs", settleMs, 0, 3_600_000);
        errors.range("rowsPerExchange", rowsPerExchange, 1, 10_000);
        Delimiter divides = errors.choice("delimiter", delimiter, Delimiter.values(), Delimiter::key)
                .orElse(Delimiter.COMMA);
        EpochUnit unit = errors.choice("epochUnit", epochUnit, EpochUnit.values(), EpochUnit::key)
                .orElse(EpochUnit.MS);
        errors.throwIfAny("Drop folder '%s'".formatted(folder));
        return new FolderConfig(
                Path.of(folder),
                Duration.ofMillis(pollIntervalMs),
                Duration.ofMillis(settleMs),
                rowsPerExchange,
                divides,
                unit);
    }
}
