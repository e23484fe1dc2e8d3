package io.streamforge.routes.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.model.Loss;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.plan.DurableFile;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sources lost that the ledger has not said when the gateway stops, also by the stop itself: it is said after the next start. */
final class UnsaidLosses {

    private static final Logger LOG = LoggerFactory.getLogger(UnsaidLosses.class);

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Map<Loss, Long>>> BY_ADAPTER = new TypeReference<>() {};

    private final DurableFile file;

    UnsaidLosses(DurableFile file) {
        this.file = file;
    }

    /** What was kept, by adapter; it is forgotten with this. */
    Map<String, Map<Loss, Long>> take() throws IOException {
        Optional<byte[]> kept = file.read();
        if (kept.isEmpty()) {
            return Map.of();
        }
        try {
            return JSON.readValue(kept.get(), BY_ADAPTER);
        } catch (JsonProcessingException e) {
            // Of a newer version, which knows more reasons: no cause to stand still.
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getOriginalMessage())
                    .log("What sources lost before the last stop cannot be read and is not entered in the ledger");
            return Map.of();
        } finally {
            file.delete();
        }
    }

    /** @param losses by adapter */
    void keep(Map<String, Map<Loss, Long>> losses) {
        try {
            if (!losses.isEmpty()) {
                file.write(JSON.writeValueAsBytes(losses));
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("What sources lost at last cannot be kept for the ledger");
        }
    }
}
