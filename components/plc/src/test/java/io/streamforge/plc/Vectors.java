package io.streamforge.plc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.model.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes of a PLC's memory and what they mean, computed by other means than the code under test. */
final class Vectors {

    static final ObjectMapper JSON = new ObjectMapper();

    private Vectors() {}

    static List<JsonNode> all() throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("/s7-vectors.json")) {
            List<JsonNode> vectors = new ArrayList<>();
            JSON.readTree(Objects.requireNonNull(in)).forEach(vectors::add);
            return vectors;
        }
    }

    static @Nullable Value expected(JsonNode vector) {
        JsonNode value = vector.get("value");
        if (value.isNull()) {
            return null;
        }
        if (value.isTextual()) {
            return new Value.Text(value.textValue());
        }
        return value.isIntegralNumber() ? new Value.Whole(value.longValue()) : new Value.Real(value.doubleValue());
    }

    /** A point table of the vectors, each at the address that is given for it. */
    static List<Point> points(List<JsonNode> vectors, List<String> addresses) {
        ArrayNode table = JSON.createArrayNode();
        for (int i = 0; i < vectors.size(); i++) {
            ObjectNode row = vectors.get(i).deepCopy();
            row.remove(List.of("bytes", "value"));
            table.add(row.put("name", "v" + i).put("address", addresses.get(i)));
        }
        return PointTable.parse(table, Driver.S7);
    }
}
