package io.streamforge.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.model.Value;
import io.streamforge.mqtt.Sparkplug.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was heard below one place of a broker's topics: the topics of the next level, each with its last message, and the values in the message of the
 * place itself, each as the row that would read it. Remembers texts of messages, no messages.
 */
final class TopicLevel {

    private static final int MOST_NODES = 10_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern PLAIN_FIELD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final int LONGEST_NAME = 200;

    /** A topic of the next level; it may have no message and only topics below it. */
    private static final class Child {
        boolean branch;
        Shown shown = new Shown("", null);
    }

    /** @param row that reads it, null if there is none */
    private record Shown(String detail, @Nullable ObjectNode row) {}

    private final List<String> place;
    private final SortedMap<String, Child> children = new TreeMap<>();
    private final SortedMap<String, Node> values = new TreeMap<>();

    /** @param place levels of a topic, or of an edge node and its devices */
    TopicLevel(List<String> place) {
        this.place = place;
    }

    /** True if nothing more is remembered. */
    boolean full() {
        return children.size() + values.size() >= MOST_NODES;
    }

    /** There is something at these levels that has no message of its own. */
    void branch(List<String> levels) {
        Child child = child(levels);
        if (child != null) {
            child.branch = true;
        }
    }

    void message(List<String> levels, String topic, byte[] payload, boolean retained) {
        String kept = retained ? ", retained" : "";
        Child child = child(levels);
        if (child == null) {
            JsonNode document = levels.equals(place) ? json(payload) : null;
            if (document != null && document.isContainerNode()) {
                values.clear();
                spread(document, topic, "$", "", kept);
            }
        } else if (levels.size() > place.size() + 1) {
            child.branch = true;
        } else {
            JsonNode document = json(payload);
            child.branch |= document != null && document.isContainerNode() && !document.isEmpty();
            child.shown = document == null ? text(payload, topic, kept) : shown(document, topic, kept);
        }
    }

    private static Shown shown(JsonNode document, String topic, String kept) {
        boolean single = document.isValueNode() && !document.isNull();
        return new Shown(Scalars.shown(document.toString()) + kept, single ? row(last(topic), topic) : null);
    }

    /** A metric of an edge node or of its device. */
    void metric(List<String> levels, Source source, String shown) {
        if (levels.equals(place) && !full()) {
            ObjectNode row = row(source.metric().replace('/', '.'), edgeNode(source.group(), source.edge()));
            if (row != null) {
                row.put("format", Format.SPARKPLUG.key()).put("path", source.metric());
            }
            put(source.metric(), shown, row);
        }
    }

    /** All topics of an edge node, as a row of Sparkplug takes them. */
    static String edgeNode(String group, String edge) {
        return "%s/%s/+/%s/#".formatted(Row.SPARKPLUG, group, edge);
    }

    static String shown(Value value, String unit) {
        String text = value instanceof Value.Real real
                ? String.valueOf(real.value())
                : value instanceof Value.Whole whole
                        ? String.valueOf(whole.value())
                        : value instanceof Value.Flag flag
                                ? String.valueOf(flag.value())
                                : "\"%s\"".formatted(Scalars.shown(((Value.Text) value).value()));
        return unit.isEmpty() ? text : text + " " + unit;
    }

    Page page(int from, int limit) {
        List<Node> nodes = new ArrayList<>();
        children.forEach((name, child) ->
                nodes.add(new Node(id() + "/" + name, name, child.branch, child.shown.detail, child.shown.row)));
        nodes.addAll(values.values());
        if (full()) {
            nodes.add(new Node("#", "…", false, "There are more: go to a path further down.", null));
        }
        int end = Math.min(nodes.size(), from + limit);
        return new Page(List.copyOf(nodes.subList(Math.min(from, end), end)), nodes.size() > end);
    }

    private @Nullable Child child(List<String> levels) {
        return levels.size() > place.size() && levels.subList(0, place.size()).equals(place)
                ? children.computeIfAbsent(levels.get(place.size()), name -> new Child())
                : null;
    }

    /** Every single value of a document, by the path to it. */
    private void spread(JsonNode node, String topic, String path, String name, String kept) {
        if (full()) {
            return;
        }
        if (node.isValueNode()) {
            ObjectNode row = node.isNull() ? null : row(name, topic);
            put(path, Scalars.shown(node.toString()) + kept, row == null ? null : row.put("path", path));
            return;
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            spread(node.get(i), topic, "%s[%d]".formatted(path, i), "%s[%d]".formatted(name, i), kept);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String key = field.getKey();
            String step = PLAIN_FIELD.matcher(key).matches()
                    ? "." + key
                    : "['%s']".formatted(key.replace("\\", "\\\\").replace("'", "\\'"));
            spread(field.getValue(), topic, path + step, name.isEmpty() ? key : name + "." + key, kept);
        }
    }

    private void put(String key, String detail, @Nullable ObjectNode row) {
        String name = row == null ? key : row.path("name").asText();
        values.put(key, new Node(id() + "#" + key, name, false, detail, row));
    }

    private String id() {
        return place.isEmpty() ? "" : "/" + String.join("/", place);
    }

    private static String last(String topic) {
        return topic.substring(topic.lastIndexOf('/') + 1);
    }

    /** A row with a name that a point may have; null if a row cannot have the topic, because braces mean something in it. */
    private static @Nullable ObjectNode row(String name, String topic) {
        String bare = name.replaceAll("[/{}\\p{Cntrl}]", "_").strip();
        return topic.contains("{") || topic.contains("}")
                ? null
                : JsonNodeFactory.instance
                        .objectNode()
                        .put(
                                "name",
                                bare.isEmpty() ? "value" : bare.substring(0, Math.min(LONGEST_NAME, bare.length())))
                        .put("topic", topic);
    }

    /** Null if it is none. */
    private static @Nullable JsonNode json(byte[] payload) {
        try {
            JsonNode document = JSON.readTree(payload);
            return document.isMissingNode() ? null : document;
        } catch (JsonProcessingException e) {
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory were not read", e);
        }
    }

    /** A single word is a value; what has commas or lines may be a table, whose row an operator writes. */
    private static Shown text(byte[] payload, String topic, String kept) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
            if (text.isEmpty() || text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
                return new Shown("%d bytes".formatted(payload.length) + kept, null);
            }
            ObjectNode row = text.matches("(?s).*[,;\n].*") ? null : row(last(topic), topic);
            return new Shown(Scalars.shown(text) + kept, row == null ? null : row.put("format", Format.PLAIN.key()));
        } catch (CharacterCodingException e) {
            return new Shown("%d bytes".formatted(payload.length) + kept, null);
        }
    }
}
