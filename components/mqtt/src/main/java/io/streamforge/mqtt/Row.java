package io.streamforge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.TableRow;
import io.streamforge.adapter.WriteTable;
import io.streamforge.adapter.payload.PayloadRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One row of the subscription table: which topics it takes and what it makes of their messages.
 *
 * @param topic which topics
 * @param qos the most that is asked of the broker, 0–2
 * @param payload where its values stand and what they are called
 * @param metric of Sparkplug, empty for all
 * @param event each change is an event, too
 * @param fields of a JSON document that it takes something from; null if any may be
 * @param command how it is written; null if it is not
 */
record Row(
        TopicFilter topic,
        int qos,
        Format format,
        PayloadRow payload,
        String metric,
        boolean event,
        @Nullable Set<String> fields,
        @Nullable Command command) {

    /** The first level of Sparkplug's topics. */
    static final String SPARKPLUG = "spBv1.0";

    private static final Set<String> OWN_FIELDS = Set.of("topic", "qos", "format", "event");
    private static final Set<String> SPARKPLUG_NAMES = Set.of("group", "edge", "device", "metric");
    private static final Pattern FIRST_STEP = Pattern.compile("\\$(?:\\.([\\p{L}\\p{N}_-]+)|\\['([^']+)'])");

    /** From 0. */
    int index() {
        return payload.index();
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException naming every error by its row and field
     */
    static List<Row> readAll(JsonNode table) {
        Set<String> fields = new HashSet<>(PayloadRow.FIELDS);
        fields.addAll(OWN_FIELDS);
        fields.addAll(Command.FIELDS);
        fields.addAll(WriteTable.COLUMNS);
        Set<String> identities = new HashSet<>();
        List<Row> before = new ArrayList<>();
        return TableRow.readAll("MQTT points", table, fields, row -> {
            Row read = read(row);
            checkBeside(row, read, before);
            if (!identities.add("%s %s %s".formatted(read.topic, row.text("asset", ""), row.text("name", "")))) {
                row.error(
                        "name",
                        "must be unique within its topic and asset, got '%s' twice".formatted(row.text("name", "")));
            }
            before.add(read);
            return read;
        });
    }

    /** Rows may share a topic; where two only overlap, brokers differ in how often they send a message that both take. */
    private static void checkBeside(TableRow row, Row read, List<Row> before) {
        for (Row other : before) {
            boolean same = other.topic.subscription().equals(read.topic.subscription());
            if (!same && other.topic.overlaps(read.topic)) {
                row.error(
                        "topic",
                        "must be the same as that of row %d or take other topics, got '%s' beside '%s'"
                                .formatted(other.index() + 1, read.topic.subscription(), other.topic.subscription()));
                return;
            }
            if (same && (other.format == Format.SPARKPLUG) != (read.format == Format.SPARKPLUG)) {
                row.error(
                        "format",
                        "must be sparkplug for all rows of a topic or for none, row %d has %s"
                                .formatted(other.index() + 1, other.format.key()));
                return;
            }
            if (same && other.qos != read.qos) {
                row.error(
                        "qos",
                        "must be the same for the same topic, got %d, row %d has %d"
                                .formatted(read.qos, other.index() + 1, other.qos));
                return;
            }
        }
    }

    private static Row read(TableRow row) {
        Format format = row.choice("format", Format.values(), Format::key).orElse(Format.JSON);
        TopicFilter topic = topic(row, format);
        Set<String> names = new HashSet<>(topic.names());
        String asset = row.asset();
        boolean sparkplug = format == Format.SPARKPLUG;
        if (sparkplug) {
            names.addAll(SPARKPLUG_NAMES);
            asset = asset == null ? "{device}" : asset;
        } else if (asset == null && names.contains("asset")) {
            asset = "{asset}";
        }
        String path = row.text("path", "");
        for (String field : unused(format)) {
            if (row.has(field)) {
                row.error(field, "does not apply to format %s".formatted(format.key()));
            }
        }
        if ((format == Format.CSV || format == Format.CSV_HEADER) && path.isBlank()) {
            row.error("path", "must lead to a cell: $[0] for the first with format csv, $.name with format csv-header");
        }
        PayloadRow payload = PayloadRow.of(row, row.required("name"), asset, sparkplug ? "" : path, names);
        return new Row(
                topic,
                row.whole("qos", 0, 2).orElse(1),
                format,
                payload,
                sparkplug ? path : "",
                row.flag("event"),
                format == Format.JSON ? fields(row, path) : null,
                Command.read(row, topic, format, payload));
    }

    private static TopicFilter topic(TableRow row, Format format) {
        String written = row.required("topic");
        try {
            TopicFilter topic = TopicFilter.parse(written);
            if (format == Format.SPARKPLUG) {
                checkSparkplug(row, topic);
            }
            return topic;
        } catch (IllegalArgumentException e) {
            if (!written.isBlank()) {
                row.error("topic", String.valueOf(e.getMessage()));
            }
            return TopicFilter.parse("points[%d]".formatted(row.index()));
        }
    }

    private static void checkSparkplug(TableRow row, TopicFilter topic) {
        List<String> levels = topic.levels();
        boolean whole = levels.get(0).equals(SPARKPLUG)
                && levels.get(levels.size() - 1).equals("#")
                && levels.size() <= 5
                && (levels.size() < 4 || levels.get(2).equals("+"));
        if (!whole || !topic.subscription().equals(topic.plain())) {
            row.error(
                    "topic",
                    "must be spBv1.0/#, spBv1.0/<group>/# or spBv1.0/<group>/+/<edge>/# for format sparkplug, which needs an edge node's births and deaths and is not shared, got '%s'"
                            .formatted(topic.subscription()));
        }
    }

    private static List<String> unused(Format format) {
        return switch (format) {
            case JSON -> List.of();
            case PLAIN -> List.of("path", "items", "time");
            case CSV, CSV_HEADER -> List.of("items");
            case SPARKPLUG -> List.of("items", "time", "type", "scale", "offset");
        };
    }

    private static @Nullable Set<String> fields(TableRow row, String path) {
        Set<String> fields = new HashSet<>();
        for (String text : (Iterable<String>)
                Stream.of(
                                row.text("items", ""),
                                path,
                                row.text("time", ""),
                                row.text("name", ""),
                                row.text("asset", ""))::iterator) {
            Matcher step = FIRST_STEP.matcher(text);
            while (step.find()) {
                fields.add(step.group(1) == null ? step.group(2) : step.group(1));
            }
        }
        boolean any = path.isBlank() || path.equals("$") || path.contains("..") || path.contains("*");
        return any ? null : fields;
    }
}
