package io.streamforge.routes.plan;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Counts the starts of each adapter on this gateway. The number is part of a reading's identity: it is on the disk before it is used. */
public final class Epochs {

    private static final JsonMapper JSON = new JsonMapper();

    private final DurableFile file;

    /** @param data the gateway's data folder */
    public Epochs(Path data) {
        this.file = new DurableFile(data, "epochs.json");
    }

    /**
     * The number of this start, one above the last.
     *
     * @throws IOException if it could not be persisted: the adapter must not start, its readings could be taken for earlier ones
     */
    public synchronized long next(String adapterId) throws IOException {
        try {
            byte[] stored = file.read().orElse(null);
            Map<String, Long> epochs = stored == null
                    ? new TreeMap<>()
                    : new TreeMap<>(JSON.readValue(stored, new TypeReference<Map<String, Long>>() {}));
            long epoch = epochs.merge(adapterId, 1L, Long::sum);
            file.write(JSON.writeValueAsBytes(epochs));
            return epoch;
        } catch (IOException e) {
            throw new IOException(
                    "Adapter '%s' cannot start: its start number cannot be written to %s (%s). Make room on the disk or repair the file."
                            .formatted(adapterId, file, e.getMessage()),
                    e);
        }
    }
}
