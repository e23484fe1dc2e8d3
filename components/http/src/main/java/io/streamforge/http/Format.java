package io.streamforge.http;

import io.streamforge.adapter.payload.EpochUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The formats a body may have, told by its media type. */
enum Format {
    JSON("application/json"),
    CSV("text/csv"),
    LINES("text/plain", "application/vnd.influx.line-protocol");

    private final List<String> mediaTypes;

    Format(String... mediaTypes) {
        this.mediaTypes = List.of(mediaTypes);
    }

    /** @param contentType the header's value, parameters and all, or null */
    static Optional<Format> of(@Nullable String contentType) {
        if (contentType == null) {
            return Optional.empty();
        }
        int end = contentType.indexOf(';');
        String type =
                (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.mediaTypes.contains(type))
                .findFirst();
    }

    static String known() {
        return Arrays.stream(values())
                .flatMap(format -> format.mediaTypes.stream())
                .collect(Collectors.joining(", "));
    }

    /**
     * Reads a body.
     *
     * @param precision of the timestamps of line protocol
     */
    void read(byte[] body, EpochUnit precision, Readings readings) throws RefusedException {
        switch (this) {
            case JSON -> JsonBody.read(body, readings);
            case CSV -> CsvBody.read(body, readings);
            case LINES -> new LineProtocol(body, precision, readings).read();
        }
    }
}
