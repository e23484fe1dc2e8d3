package io.streamforge.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.http.Readings.Place;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One object, or an array of objects. One with an {@code event_type} is an event. Fields that nothing maps to are left alone. */
final class JsonBody {

    /** Decimals stay what was written: a time in seconds keeps its microseconds. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** An event's fields are the record's own: only asset and timestamp are mapped. */
    private static final String EVENT_TYPE = "event_type";

    private static final String EVENT_ID = "event_id";
    private static final String PREVIOUS_STATE = "previous_state";
    private static final String NEW_STATE = "new_state";

    private JsonBody() {}

    static void read(byte[] body, Readings readings) throws RefusedException {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new RefusedException(Refusal.of(
                    400,
                    "The body is not JSON: %s%s."
                            .formatted(
                                    e.getOriginalMessage(),
                                    at == null
                                            ? ""
                                            : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()))));
        } catch (IOException e) {
            throw new RefusedException(Refusal.of(400, "The body is not JSON: %s.".formatted(e.getMessage())));
        }
        if (root.isArray()) {
            for (int i = 0; i < root.size(); i++) {
                reading(Place.pointer("/" + i), root.get(i), readings);
            }
        } else {
            reading(Place.pointer(""), root, readings);
        }
    }

    private static void reading(Place place, JsonNode node, Readings readings) throws RefusedException {
        readings.next();
        if (!node.isObject()) {
            readings.fault(place, null, "A reading must be an object, got " + Scalars.shown(node.toString()));
            return;
        }
        Mapping mapping = readings.mapping();
        String asset = text(place, node, mapping.asset(), readings);
        Instant time = time(place, node, readings);
        if (node.has(EVENT_TYPE)) {
            String eventType = text(place, node, EVENT_TYPE, readings);
            if (eventType.isBlank()) {
                readings.fault(place, EVENT_TYPE, "must not be empty");
            }
            readings.add(
                    place,
                    text(place, node, EVENT_ID, readings),
                    asset,
                    eventType,
                    node.path(PREVIOUS_STATE).isNull() || !node.has(PREVIOUS_STATE)
                            ? null
                            : value(place, node, PREVIOUS_STATE, readings),
                    value(place, node, NEW_STATE, readings),
                    time);
        } else {
            readings.add(
                    place,
                    asset,
                    text(place, node, mapping.parameter(), readings),
                    value(place, node, mapping.value(), readings),
                    text(place, node, mapping.unit(), readings),
                    time);
        }
    }

    private static String text(Place place, JsonNode node, String field, Readings readings) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            readings.fault(place, field, "must be a text, got " + Scalars.shown(value.toString()));
        }
        return value.isTextual() ? value.textValue() : "-";
    }

    private static @Nullable Value value(Place place, JsonNode node, String field, Readings readings) {
        JsonNode value = node.path(field);
        if (value.isNumber()) {
            return readings.number(place, field, value.asText(), value.isIntegralNumber(), value.decimalValue());
        }
        if (value.isBoolean()) {
            return new Value.Flag(value.booleanValue());
        }
        if (value.isTextual()) {
            return new Value.Text(value.textValue());
        }
        readings.fault(
                place,
                field,
                value.isMissingNode()
                        ? "is missing"
                        : "must be a number, true, false or a text, got " + Scalars.shown(value.toString()));
        return null;
    }

    private static @Nullable Instant time(Place place, JsonNode node, Readings readings) {
        String field = readings.mapping().timestamp();
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() && !value.isTextual()) {
            readings.fault(place, field, "must be a text or a number, got " + Scalars.shown(value.toString()));
            return null;
        }
        return readings.time(place, value.asText(), readings.mapping().epochUnit());
    }
}
