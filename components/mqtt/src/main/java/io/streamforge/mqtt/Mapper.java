package io.streamforge.mqtt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadRow;
import io.streamforge.adapter.payload.PayloadRow.Findings;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.adapter.payload.TextPattern;
import io.streamforge.model.Classification;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes observations of messages by the rows of a table. Nothing that a message can hold makes it throw: what cannot be read is counted, told in the
 * health with its topic, and makes one BAD sample where the signal is known.
 *
 * <p>Remembers topics and signals, both up to a bound, beyond which they are read but not remembered.
 */
final class Mapper {

    private static final Logger LOG = LoggerFactory.getLogger(Mapper.class);

    private static final int MOST_TOPICS = 50_000;
    private static final int MOST_SERIES = 100_000;

    /** So many fields that no row takes are told by their names. */
    private static final int MOST_TOLD = 50;

    static final String CLOCK_MISSING = "device_time: missing, gateway_time stands in";
    private static final String RETAINED = "retained: the broker kept it, its age is unknown";

    /** Decimals stay what was written: a time in seconds keeps its microseconds. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * A row that takes a topic.
     *
     * @param known what the topic's named levels are
     */
    private record Target(Row row, Function<String, @Nullable String> known) {}

    /**
     * What one topic's messages become.
     *
     * @param fields of its documents that a row takes something from; null if any may be
     */
    private record Topic(List<Target> targets, @Nullable Set<String> fields) {}

    private record Id(@Nullable String asset, String parameter) {}

    /** What is remembered of one signal: whether its failure was told, and its last state. */
    private static final class Series {
        final Id id;
        final String unit;
        boolean failing;

        @Nullable
        Value state;

        Series(Id id, String unit) {
            this.id = id;
            this.unit = unit;
        }
    }

    private final List<Row> rows;
    private final EpochUnit epochUnit;
    private final Counts counts;
    private final Sparkplug sparkplug;
    private final Map<String, Topic> topics = new HashMap<>();
    private final Map<Id, Series> series = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final @Nullable String[] failures;
    private final @Nullable String[] missing;
    private volatile @Nullable String fault;

    /** What the message under way becomes. */
    private List<Observation> seen = new ArrayList<>();

    /** @param rebirths sends an edge node the command that its births are needed */
    Mapper(List<Row> rows, EpochUnit epochUnit, Counts counts, Sparkplug.Rebirths rebirths) {
        this.rows = rows;
        this.epochUnit = epochUnit;
        this.counts = counts;
        this.sparkplug = new Sparkplug(counts, rebirths, this::metric, this::dead);
        this.failures = new String[rows.size()];
        this.missing = new String[rows.size()];
    }

    /** Samples in the order of the rows, each with its event behind it. */
    synchronized List<Observation> map(Message message) {
        seen = new ArrayList<>(4);
        Topic topic = topic(message.topic());
        if (topic.targets().isEmpty()) {
            counts.add(Counts.UNKNOWN_TOPIC, Loss.TOPIC_UNMAPPED);
            tell("A message came that no row takes", message.topic(), "");
        } else if (topic.targets().get(0).row().format() == Format.SPARKPLUG) {
            sparkplug(message, topic);
        } else if (message.payload().length == 0) {
            // how a publisher takes back what the broker kept
            counts.add(Counts.MISSING);
        } else {
            payload(message, topic);
        }
        return seen;
    }

    /** One BAD sample for each signal that does not fail already: nothing can be known of them. */
    synchronized List<Observation> lost(String reason, Instant now) {
        seen = new ArrayList<>();
        for (Series each : series.values()) {
            bad(each, reason, now);
        }
        return seen;
    }

    /** There is a connection again: what edge nodes said meanwhile was missed, so each is asked for its births. */
    synchronized void connected(Instant now) {
        sparkplug.askAll(now);
    }

    /** What could not be read last, as a sentence; empty if the last message of every row could be. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Why a row found nothing in the last message, or null. */
    synchronized @Nullable String missing(int row) {
        return missing[row];
    }

    private Topic topic(String name) {
        Topic remembered = topics.get(name);
        if (remembered != null) {
            return remembered;
        }
        List<Target> targets = new ArrayList<>();
        Set<String> fields = new HashSet<>();
        boolean any = false;
        for (Row row : rows) {
            List<String> values = row.topic().match(name);
            if (values != null) {
                targets.add(new Target(row, known(row, values)));
                Set<String> taken = row.fields();
                any |= taken == null;
                if (taken != null) {
                    fields.addAll(taken);
                }
            }
        }
        Topic made = new Topic(List.copyOf(targets), any ? null : fields);
        if (topics.size() < MOST_TOPICS) {
            topics.put(name, made);
        }
        return made;
    }

    private static Function<String, @Nullable String> known(Row row, List<String> values) {
        List<String> cleaned = values.stream().map(Mapper::cleaned).toList();
        return name -> {
            int at = row.topic().names().indexOf(name);
            return at < 0 ? null : cleaned.get(at);
        };
    }

    /** Assets are letters, digits and {@code . _ -}; whatever else a topic has becomes {@code _}. */
    private static String cleaned(String level) {
        return Scalars.ASSET.matcher(level).matches() ? level : level.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private void payload(Message message, Topic topic) {
        JsonNode document = null;
        boolean readable = true;
        for (Target target : topic.targets()) {
            Row row = target.row();
            try {
                switch (row.format()) {
                    case JSON -> {
                        document = document == null ? JSON.readTree(message.payload()) : document;
                        read(message, target, document);
                    }
                    case PLAIN -> read(message, target, plain(row, message.payload()));
                    case CSV, CSV_HEADER -> {
                        for (JsonNode line : CsvLines.read(message.payload(), row.format() == Format.CSV_HEADER)) {
                            read(message, target, line);
                        }
                    }
                    case SPARKPLUG ->
                        throw new IllegalStateException("Sparkplug's topics have rows of their own only.");
                }
            } catch (JsonProcessingException e) {
                readable = false;
                fail(message, target, MissingNode.getInstance(), Counts.PAYLOAD, "not JSON: " + e.getOriginalMessage());
            } catch (IOException e) {
                readable = false;
                fail(message, target, MissingNode.getInstance(), Counts.PAYLOAD, String.valueOf(e.getMessage()));
            }
        }
        if (!readable) {
            counts.losses().add(Loss.MESSAGE_UNREADABLE);
        }
        if (document != null) {
            countUnknown(message.topic(), topic, document);
        }
        settle();
    }

    private static JsonNode plain(Row row, byte[] payload) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(payload))
                .toString();
        return row.payload().isText() ? TextNode.valueOf(text) : Scalars.cell(text);
    }

    private void read(Message message, Target target, JsonNode document) {
        target.row().payload().read(document, target.known(), epochUnit, message.received(), new Findings() {
            @Override
            public void found(Sample sample) {
                missing[target.row().index()] = null;
                failures[target.row().index()] = null;
                add(target.row(), judged(message, target.row().payload(), sample));
            }

            @Override
            public void fault(boolean isMissing, String reason) {
                if (isMissing) {
                    missing(message, target.row(), document, reason);
                } else {
                    counts.losses().add(Loss.VALUE_UNREADABLE);
                    fail(message, target, document, Counts.VALUE, reason);
                }
            }
        });
    }

    /** A row that has a time expects one; where there can be none, what the broker kept is of unknown age. */
    private Sample judged(Message message, PayloadRow row, Sample sample) {
        if (sample.deviceTime() != null) {
            return sample;
        }
        if (row.time() != null) {
            counts.add(Counts.TIMESTAMP);
            return uncertain(sample, CLOCK_MISSING);
        }
        return message.retained() ? uncertain(sample, RETAINED) : sample;
    }

    private static Sample uncertain(Sample sample, String reason) {
        return new Sample(
                sample.asset(),
                sample.parameter(),
                sample.value(),
                sample.unit(),
                sample.classification(),
                Quality.UNCERTAIN,
                reason,
                null,
                sample.gatewayTime());
    }

    private void add(Row row, Sample sample) {
        Series signal = remembered(sample.asset(), sample.parameter(), sample.unit());
        signal.failing = false;
        seen.add(sample);
        Value value = sample.value();
        if (row.event() && value != null && !value.equals(signal.state)) {
            seen.add(new StateChange(
                    null,
                    sample.asset(),
                    sample.parameter(),
                    signal.state,
                    value,
                    sample.quality(),
                    sample.deviceTime(),
                    sample.gatewayTime()));
        }
        signal.state = value;
    }

    private Series remembered(@Nullable String asset, String parameter, String unit) {
        Id id = new Id(asset, parameter);
        Series known = series.get(id);
        if (known != null) {
            return known;
        }
        Series made = new Series(id, unit);
        if (series.size() < MOST_SERIES) {
            series.put(id, made);
        } else {
            counts.add(Counts.SERIES);
        }
        return made;
    }

    private void bad(Series signal, String reason, Instant now) {
        if (!signal.failing) {
            signal.failing = true;
            seen.add(new Sample(
                    signal.id.asset(),
                    signal.id.parameter(),
                    null,
                    signal.unit,
                    Classification.TELEMETRY,
                    Quality.BAD,
                    reason,
                    null,
                    now));
        }
    }

    private void fail(Message message, Target target, JsonNode document, String count, String reason) {
        counts.add(count);
        failures[target.row().index()] = "%s: %s".formatted(Scalars.shown(message.topic()), reason);
        PayloadRow row = target.row().payload();
        if (row.items() == null) {
            bad(row, document, target.known(), reason, message.received());
        }
    }

    private void bad(
            PayloadRow row, JsonNode document, Function<String, @Nullable String> known, String reason, Instant now) {
        TextPattern owner = row.asset();
        String asset;
        String parameter;
        try {
            asset = owner == null ? null : owner.fill(document, known);
            parameter = row.name().fill(document, known);
        } catch (IllegalArgumentException e) {
            // what has no one name has no signal to be BAD
            return;
        }
        boolean named = parameter != null
                && Scalars.PARAMETER.matcher(parameter).matches()
                && (owner == null
                        || asset != null && Scalars.ASSET.matcher(asset).matches());
        if (named && parameter != null) {
            bad(remembered(asset, parameter, row.unit()), reason, now);
        }
    }

    /** A message may hold only what has changed: that something is not there is no failure. */
    private void missing(Message message, Row row, JsonNode document, String reason) {
        counts.add(Counts.MISSING);
        List<String> fields = new ArrayList<>();
        document.fieldNames().forEachRemaining(fields::add);
        missing[row.index()] = "%s in %s%s"
                .formatted(
                        reason,
                        Scalars.shown(message.topic()),
                        fields.isEmpty() ? "" : ", which has " + Scalars.shown(String.join(", ", fields)));
    }

    private void countUnknown(String topic, Topic taken, JsonNode document) {
        Set<String> known = taken.fields();
        if (known == null) {
            return;
        }
        for (Iterator<String> fields = document.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!known.contains(field)) {
                counts.add(Counts.UNKNOWN_FIELD, Loss.FIELD_UNMAPPED);
                tell("A message has a field that no row takes", topic, field);
            }
        }
    }

    private void tell(String what, String topic, String field) {
        if (told.size() < MOST_TOLD && told.add(topic + " " + field)) {
            LOG.atInfo()
                    .addKeyValue("topic", Scalars.shown(topic))
                    .addKeyValue("field", Scalars.shown(field))
                    .log(what);
        }
    }

    private void settle() {
        int failing = 0;
        String first = null;
        for (String failure : failures) {
            if (failure != null) {
                failing++;
                first = first == null ? failure : first;
            }
        }
        fault = first == null ? null : failing == 1 ? first : "%s; %d rows cannot be read".formatted(first, failing);
    }

    private void sparkplug(Message message, Topic topic) {
        String failure = null;
        try {
            sparkplug.read(message);
        } catch (IOException e) {
            counts.add(Counts.PAYLOAD, Loss.MESSAGE_UNREADABLE);
            failure = "%s: %s".formatted(Scalars.shown(message.topic()), e.getMessage());
        }
        for (Target target : topic.targets()) {
            failures[target.row().index()] = failure;
        }
        settle();
    }

    /** A metric has a value, or none with the reason why. */
    private void metric(
            Sparkplug.Source source,
            @Nullable Value value,
            String unit,
            Quality quality,
            @Nullable String reason,
            @Nullable Instant deviceTime,
            Instant received) {
        boolean timeless = deviceTime == null && quality == Quality.GOOD;
        for (Row row : takers(source)) {
            Function<String, @Nullable String> known = known(source, row);
            if (value == null) {
                bad(row.payload(), MissingNode.getInstance(), known, String.valueOf(reason), received);
                continue;
            }
            TextPattern owner = row.payload().asset();
            String asset = owner == null ? null : owner.fill(MissingNode.getInstance(), known);
            String parameter = row.payload().name().fill(MissingNode.getInstance(), known);
            if (parameter == null || !Scalars.PARAMETER.matcher(parameter).matches()) {
                counts.add(Counts.VALUE, Loss.VALUE_UNREADABLE);
                continue;
            }
            add(
                    row,
                    new Sample(
                            asset,
                            parameter,
                            value,
                            row.payload().unit().isEmpty()
                                    ? unit
                                    : row.payload().unit(),
                            Classification.TELEMETRY,
                            timeless ? Quality.UNCERTAIN : quality,
                            timeless ? CLOCK_MISSING : reason,
                            deviceTime,
                            received));
        }
    }

    private void dead(Sparkplug.Source source, String reason, Instant received) {
        for (Row row : takers(source)) {
            bad(row.payload(), MissingNode.getInstance(), known(source, row), reason, received);
        }
    }

    private List<Row> takers(Sparkplug.Source source) {
        return rows.stream()
                .filter(row -> row.format() == Format.SPARKPLUG
                        && (row.metric().isEmpty() || row.metric().equals(source.metric()))
                        && row.topic().match(source.topic()) != null)
                .toList();
    }

    private static Function<String, @Nullable String> known(Sparkplug.Source source, Row row) {
        return name -> switch (name) {
            case "group" -> cleaned(source.group());
            case "edge" -> cleaned(source.edge());
            case "device" -> cleaned(source.device().isEmpty() ? source.edge() : source.device());
            case "metric" -> source.metric().replace('/', '.').strip();
            default -> {
                List<String> values = row.topic().match(source.topic());
                int at = row.topic().names().indexOf(name);
                yield values == null || at < 0 ? null : cleaned(values.get(at));
            }
        };
    }
}
