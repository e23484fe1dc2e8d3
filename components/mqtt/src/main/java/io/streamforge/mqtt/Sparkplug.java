package io.streamforge.mqtt;

import com.google.protobuf.InvalidProtocolBufferException;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Loss;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.tahu.protobuf.SparkplugBProto.DataType;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload.Metric;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload.PropertySet;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload.PropertyValue;
import org.jspecify.annotations.Nullable;

/**
 * What a host application knows of Sparkplug's edge nodes (Eclipse Sparkplug Specification 3.0.0, §6.4): which metrics their births have named, whether
 * the sequence has a hole, and who is dead. Guarded by its {@link Mapper}.
 *
 * <p>The generated classes of Tahu's protocol definition are used, not its decoder: that one gives up a whole message for one wrong metric.
 */
final class Sparkplug {

    private static final int SEQUENCES = 256;

    /** An edge node that does not follow is not asked more often. */
    private static final Duration REBIRTH_PAUSE = Duration.ofSeconds(5);

    private static final int MOST_NODES = 10_000;
    private static final int MOST_METRICS = 100_000;

    /** OPC's codes, which the property {@code Quality} has (§6.4.6, table of property keys). */
    private static final int OPC_GOOD = 192;

    private static final int OPC_BAD = 0;

    /** Who sends a metric: the device is empty for one of the edge node itself. */
    record Source(String group, String edge, String device, String metric) {

        /** A topic on which it would come. */
        String topic() {
            String node = "%s/%s/%s/%s".formatted(Row.SPARKPLUG, group, device.isEmpty() ? "NDATA" : "DDATA", edge);
            return device.isEmpty() ? node : node + "/" + device;
        }
    }

    /** Asks edge nodes for their births. */
    interface Rebirths {
        /** @param topic of the edge node's commands */
        void ask(String topic, byte[] command);
    }

    /** Is told values; a value that is null comes with the reason. */
    interface Values {
        void metric(
                Source source,
                @Nullable Value value,
                String unit,
                Quality quality,
                @Nullable String reason,
                @Nullable Instant deviceTime,
                Instant received);
    }

    /** Is told that a source is dead. */
    interface Deaths {
        void dead(Source source, String reason, Instant received);
    }

    private record Definition(Source source, int type, String unit) {}

    private record NodeId(String group, String edge) {}

    private static final class Node {
        final NodeId id;
        final Map<Long, Definition> aliases = new HashMap<>();
        final Map<Source, Definition> metrics = new LinkedHashMap<>();
        final Set<String> born = new HashSet<>();
        boolean online;
        long session = -1;
        int sequence;
        /** What is wrong with the sequence since the last birth, or null. */
        @Nullable
        String gap;

        Instant asked = Instant.EPOCH;

        Node(NodeId id) {
            this.id = id;
        }
    }

    private final Counts counts;
    private final Rebirths rebirths;
    private final Values values;
    private final Deaths deaths;
    private final Map<NodeId, Node> nodes = new HashMap<>();

    Sparkplug(Counts counts, Rebirths rebirths, Values values, Deaths deaths) {
        this.counts = counts;
        this.rebirths = rebirths;
        this.values = values;
        this.deaths = deaths;
    }

    /** Reads one message of the namespace; commands and states of host applications are none of its business. */
    void read(Message message) throws IOException {
        String[] levels = message.topic().split("/", -1);
        if (levels.length < 4 || levels.length > 5) {
            return;
        }
        String type = levels[2];
        String device = levels.length == 5 ? levels[4] : "";
        boolean ofNode = type.startsWith("N");
        if (!Set.of("NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH").contains(type)
                || ofNode != device.isEmpty()) {
            return;
        }
        NodeId id = new NodeId(levels[1], levels[3]);
        Node node = nodes.get(id);
        if (node == null) {
            if (nodes.size() >= MOST_NODES) {
                counts.add(Counts.SERIES, Loss.MESSAGE_SENDERS_EXCEEDED);
                return;
            }
            node = new Node(id);
            nodes.put(id, node);
        }
        Payload payload;
        try {
            payload = Payload.parseFrom(message.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("not Sparkplug B: " + e.getMessage(), e);
        }
        Instant now = message.received();
        switch (type) {
            case "NBIRTH" -> {
                nodeBirth(node, payload);
                data(node, "", payload, now);
            }
            case "NDEATH" -> nodeDeath(node, payload, now);
            default -> {
                if (!node.online || type.equals("DDATA") && !node.born.contains(device)) {
                    counts.add(Counts.NO_BIRTH);
                    counts.losses().add(Loss.VALUE_UNANNOUNCED, payload.getMetricsCount());
                    ask(node, now);
                    return;
                }
                follow(node, payload, now);
                switch (type) {
                    case "DBIRTH" -> {
                        node.born.add(device);
                        define(node, device, payload);
                        data(node, device, payload, now);
                    }
                    case "DDEATH" -> {
                        node.born.remove(device);
                        dead(node, device, "DDEATH: the edge node lost the device", now);
                    }
                    default -> data(node, device, payload, now);
                }
            }
        }
    }

    /** Asks all edge nodes that are known for their births. */
    void askAll(Instant now) {
        nodes.values().forEach(node -> ask(node, now));
    }

    private void nodeBirth(Node node, Payload payload) {
        node.online = true;
        node.session = session(payload);
        node.sequence = (int) (payload.getSeq() % SEQUENCES);
        node.gap = null;
        node.aliases.clear();
        node.metrics.keySet().removeIf(source -> source.device().isEmpty());
        node.born.clear();
        define(node, "", payload);
    }

    private void nodeDeath(Node node, Payload payload, Instant now) {
        if (!node.online || session(payload) != node.session) {
            counts.add(Counts.OLD_DEATH);
            return;
        }
        node.online = false;
        node.born.clear();
        dead(node, null, "NDEATH: the edge node is gone", now);
    }

    /** The number of the session, by which a death is known to be this birth's (§6.4.5). */
    private static long session(Payload payload) {
        for (Metric metric : payload.getMetricsList()) {
            if (metric.getName().equals("bdSeq")) {
                return metric.hasLongValue() ? metric.getLongValue() : metric.getIntValue();
            }
        }
        return -1;
    }

    private void follow(Node node, Payload payload, Instant now) {
        int expected = (node.sequence + 1) % SEQUENCES;
        node.sequence = (int) (payload.getSeq() % SEQUENCES);
        if (!payload.hasSeq() || node.sequence != expected) {
            counts.add(Counts.SEQUENCE, Loss.MESSAGE_GAP);
            node.gap = "sequence gap: expected %d, got %s, births were asked for"
                    .formatted(expected, payload.hasSeq() ? payload.getSeq() : "none");
        }
        if (node.gap != null) {
            ask(node, now);
        }
    }

    private void define(Node node, String device, Payload payload) {
        for (Metric metric : payload.getMetricsList()) {
            if (isNamed(metric) && node.metrics.size() < MOST_METRICS) {
                Source source = new Source(node.id.group(), node.id.edge(), device, metric.getName());
                Definition definition = new Definition(source, metric.getDatatype(), property(metric, "engUnit", ""));
                node.metrics.put(source, definition);
                if (metric.hasAlias()) {
                    node.aliases.put(metric.getAlias(), definition);
                }
            }
        }
    }

    private void data(Node node, String device, Payload payload, Instant now) {
        for (Metric metric : payload.getMetricsList()) {
            Definition definition = isNamed(metric)
                    ? node.metrics.get(new Source(node.id.group(), node.id.edge(), device, metric.getName()))
                    : node.aliases.get(metric.getAlias());
            if (definition == null) {
                counts.add(Counts.NO_BIRTH, Loss.VALUE_UNANNOUNCED);
                ask(node, now);
            } else if (!isProtocol(definition.source().metric())) {
                metric(node, definition, metric, payload, now);
            }
        }
    }

    /** Some edge nodes send an empty name where there is an alias. */
    private static boolean isNamed(Metric metric) {
        return !metric.getName().isEmpty();
    }

    /** The session's number and what an edge node lets itself be told are no measurements. */
    private static boolean isProtocol(String name) {
        return name.equals("bdSeq") || name.startsWith("Node Control/") || name.startsWith("Device Control/");
    }

    private void metric(Node node, Definition definition, Metric metric, Payload payload, Instant now) {
        Long millis = metric.hasTimestamp()
                ? Long.valueOf(metric.getTimestamp())
                : payload.hasTimestamp() ? Long.valueOf(payload.getTimestamp()) : null;
        Instant time = millis == null
                ? null
                : EpochUnit.MS.instant(BigDecimal.valueOf(millis)).orElse(null);
        Value value = null;
        Quality quality = Quality.GOOD;
        String reason = null;
        try {
            value = metric.getIsNull()
                    ? null
                    : value(metric, metric.hasDatatype() ? metric.getDatatype() : definition.type());
            reason = value == null ? "value is null" : null;
        } catch (IllegalArgumentException e) {
            counts.add(Counts.UNSUPPORTED, Loss.VALUE_UNREADABLE);
            reason = "value: " + e.getMessage();
        }
        int code = code(metric);
        if (value != null && code != OPC_GOOD) {
            quality = Quality.UNCERTAIN;
            reason = "Quality %d".formatted(code);
            if (code == OPC_BAD) {
                value = null;
                reason = "Quality 0 BAD";
            }
        }
        if (value != null && node.gap != null) {
            quality = Quality.UNCERTAIN;
            reason = node.gap;
        }
        values.metric(definition.source(), value, definition.unit(), quality, reason, time, now);
    }

    private static int code(Metric metric) {
        PropertySet properties = metric.getProperties();
        int at = properties.getKeysList().indexOf("Quality");
        return at < 0 || at >= properties.getValuesCount()
                ? OPC_GOOD
                : properties.getValues(at).getIntValue();
    }

    private static String property(Metric metric, String key, String otherwise) {
        PropertySet properties = metric.getProperties();
        int at = properties.getKeysList().indexOf(key);
        if (at < 0 || at >= properties.getValuesCount()) {
            return otherwise;
        }
        PropertyValue value = properties.getValues(at);
        return value.hasStringValue() ? value.getStringValue() : otherwise;
    }

    /** By the data type's number (§6.4.16): signed ones stand in unsigned fields in two's complement. */
    private static Value value(Metric metric, int type) {
        DataType known = DataType.forNumber(type);
        if (known == null) {
            throw new IllegalArgumentException("has the unknown data type %d".formatted(type));
        }
        return switch (known) {
            case Int8 -> new Value.Whole((byte) metric.getIntValue());
            case Int16 -> new Value.Whole((short) metric.getIntValue());
            case Int32 -> new Value.Whole(metric.getIntValue());
            case UInt8, UInt16 -> new Value.Whole(metric.getIntValue());
            case UInt32 ->
                new Value.Whole(
                        metric.hasLongValue() ? metric.getLongValue() : Integer.toUnsignedLong(metric.getIntValue()));
            case Int64 -> new Value.Whole(metric.getLongValue());
            case UInt64 ->
                metric.getLongValue() >= 0
                        ? new Value.Whole(metric.getLongValue())
                        : new Value.Real(new BigDecimal(Long.toUnsignedString(metric.getLongValue())).doubleValue());
            case Float -> finite(Double.parseDouble(Float.toString(metric.getFloatValue())));
            case Double -> finite(metric.getDoubleValue());
            case Boolean -> new Value.Flag(metric.getBooleanValue());
            case String, Text, UUID -> new Value.Text(metric.getStringValue());
            case DateTime ->
                new Value.Text(Instant.ofEpochMilli(metric.getLongValue()).toString());
            default ->
                throw new IllegalArgumentException("has the data type %s, which is no single value".formatted(known));
        };
    }

    private static Value finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("must be a finite number, got " + value);
        }
        return new Value.Real(value);
    }

    /** @param device null for the edge node with all its devices */
    private void dead(Node node, @Nullable String device, String reason, Instant now) {
        for (Source source : new ArrayList<>(node.metrics.keySet())) {
            if ((device == null || source.device().equals(device)) && !isProtocol(source.metric())) {
                deaths.dead(source, reason, now);
            }
        }
    }

    private void ask(Node node, Instant now) {
        if (node.asked.plus(REBIRTH_PAUSE).isAfter(now)) {
            return;
        }
        node.asked = now;
        byte[] command = Payload.newBuilder()
                .setTimestamp(now.toEpochMilli())
                .addMetrics(Metric.newBuilder()
                        .setName("Node Control/Rebirth")
                        .setTimestamp(now.toEpochMilli())
                        .setDatatype(DataType.Boolean.getNumber())
                        .setBooleanValue(true))
                .build()
                .toByteArray();
        rebirths.ask("%s/%s/NCMD/%s".formatted(Row.SPARKPLUG, node.id.group(), node.id.edge()), command);
    }
}
