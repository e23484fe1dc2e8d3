package io.streamforge.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.payload.PayloadRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a point is told what to be: what is published, and where. What the point then is, its own topic says.
 *
 * @param topic that takes it, one and the same
 * @param template a JSON document with {@code {value}} where the value goes; empty for the value alone
 * @param plain a text goes as it is, without quotes
 */
record Command(String topic, String template, boolean plain) {

    /** The columns of a row that are about it, beside those of every protocol. */
    static final Set<String> FIELDS = Set.of("writeTopic", "writeTemplate");

    private static final String PLACE = "{value}";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Null if the row cannot be written; what is wrong is noted there. */
    static @Nullable Command read(TableRow row, TopicFilter from, Format format, PayloadRow payload) {
        if (!row.field("writable").asBoolean(false)) {
            for (String field : FIELDS) {
                if (row.has(field)) {
                    row.error(field, "applies to writable rows only");
                }
            }
            return null;
        }
        boolean plain = format == Format.PLAIN;
        if (!plain && format != Format.JSON) {
            row.error("writable", "does not apply to format %s".formatted(format.key()));
        } else if (!payload.isSingle() || !from.isOneTopic()) {
            row.error(
                    "writable",
                    "needs one point, and one topic that tells its state: name, asset and topic without placeholders, wildcards and groups");
        }
        Command command = new Command(row.required("writeTopic"), row.text("writeTemplate", ""), plain);
        if (!command.topic.isBlank() && !TopicFilter.isName(command.topic)) {
            row.error("writeTopic", "must be one topic, without + # { }, got '%s'".formatted(command.topic));
        }
        if (!command.template.isEmpty() && !command.isTemplate()) {
            row.error(
                    "writeTemplate",
                    "must be JSON with {value} where the value goes, such as {\"set\":{value}}, got '%s'"
                            .formatted(command.template));
        }
        return command;
    }

    private boolean isTemplate() {
        try {
            JSON.readTree(template.replace(PLACE, "0"));
            return template.contains(PLACE);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** @param leaf a number, flag or text */
    byte[] payload(Object leaf) {
        try {
            String text = leaf instanceof BigDecimal number ? number.toPlainString() : leaf.toString();
            String json = leaf instanceof String ? JSON.writeValueAsString(text) : text;
            String whole = template.isEmpty() ? plain ? text : json : template.replace(PLACE, json);
            return whole.getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
