package io.streamforge.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The registry's state: subjects, their versions and what a next version must be compatible with. Lives in memory, is written to the
 * {@link SchemaLog} before it is believed, and is read back from there; the log's records have Confluent's own shape. One writer: this process.
 */
final class SchemaStore {

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /** One version of a subject. The same schema has the same id in every subject. */
    @JsonPropertyOrder({"subject", "version", "id", "schema"})
    record Version(String subject, int version, int id, String schema) {}

    @JsonPropertyOrder({"keytype", "subject", "version", "magic"})
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Key(
            String keytype,
            @Nullable String subject,
            @Nullable Integer version,
            int magic) {}

    private record Level(Compatibility compatibilityLevel) {}

    private final SchemaLog log;
    private final NavigableMap<String, NavigableMap<Integer, Version>> subjects = new TreeMap<>();
    private final NavigableMap<Integer, Schema> schemas = new TreeMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Compatibility> levels = new HashMap<>();
    private Compatibility standard = Compatibility.BACKWARD;
    private boolean inDoubt;

    SchemaStore(SchemaLog log) {
        this.log = log;
        load();
    }

    synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    synchronized List<Version> versions(String subject) {
        return List.copyOf(of(subject).values());
    }

    /** @param version a number from 1, or {@code latest} */
    synchronized Version version(String subject, String version) {
        NavigableMap<Integer, Version> versions = of(subject);
        if (version.equals("latest")) {
            return versions.lastEntry().getValue();
        }
        Version found = versions.get(parseVersion(version));
        if (found == null) {
            throw RegistryException.versionNotFound(version);
        }
        return found;
    }

    synchronized Schema schema(int id) {
        Schema schema = schemas.get(id);
        if (schema == null) {
            throw RegistryException.schemaNotFound(String.valueOf(id));
        }
        return schema;
    }

    /** Everywhere the id is used. */
    synchronized List<Version> uses(int id) {
        schema(id);
        return subjects.values().stream()
                .flatMap(versions -> versions.values().stream())
                .filter(version -> version.id() == id)
                .toList();
    }

    /** The version under which the subject already has this schema. */
    synchronized Version lookUp(String subject, Schema schema) {
        Version found = find(of(subject), schema);
        if (found == null) {
            throw RegistryException.schemaNotFound("in subject '%s'".formatted(subject));
        }
        return found;
    }

    /** The version of this schema in the subject: the one it has, or a new one if the subject's level allows it. */
    synchronized Version register(String subject, Schema schema) {
        settle();
        NavigableMap<Integer, Version> versions = subjects.getOrDefault(subject, new TreeMap<>());
        Version existing = find(versions, schema);
        if (existing != null) {
            return existing;
        }
        List<String> conflicts = conflicts(subject, schema);
        if (!conflicts.isEmpty()) {
            throw RegistryException.incompatible(
                    "The schema must be %s compatible with the earlier ones of subject '%s'. %s"
                            .formatted(level(subject), subject, String.join(" ", conflicts)));
        }
        int number = versions.isEmpty() ? 1 : versions.lastKey() + 1;
        int id = ids.getOrDefault(schema.toString(), schemas.isEmpty() ? 1 : schemas.lastKey() + 1);
        Version version = new Version(subject, number, id, schema.toString());
        append(new Key("SCHEMA", subject, number, 1), version);
        apply(version);
        return version;
    }

    /** What stands between the schema and those earlier versions that the subject's level looks at. */
    synchronized List<String> conflicts(String subject, Schema schema) {
        NavigableMap<Integer, Version> versions = subjects.getOrDefault(subject, new TreeMap<>());
        Compatibility level = level(subject);
        List<Version> earlier = versions.isEmpty() || level.transitive()
                ? List.copyOf(versions.values())
                : List.of(versions.lastEntry().getValue());
        return earlier.stream()
                .flatMap(version -> conflicts(version, schema).stream())
                .toList();
    }

    /** What stands between the schema and one version. */
    synchronized List<String> conflicts(Version version, Schema schema) {
        return level(version.subject()).conflicts(schema, schema(version.id()));
    }

    /** The level that counts for a subject: its own or the general one. */
    synchronized Compatibility level(String subject) {
        return levels.getOrDefault(subject, standard);
    }

    synchronized Compatibility generalLevel() {
        return standard;
    }

    /** The subject's own level, null if it has none. */
    synchronized @Nullable Compatibility ownLevel(String subject) {
        return levels.get(subject);
    }

    /** @param subject null for all subjects that have no level of their own */
    synchronized void setLevel(@Nullable String subject, Compatibility level) {
        settle();
        append(new Key("CONFIG", subject, null, 0), new Level(level));
        apply(subject, level);
    }

    private NavigableMap<Integer, Version> of(String subject) {
        NavigableMap<Integer, Version> versions = subjects.get(subject);
        if (versions == null) {
            throw RegistryException.subjectNotFound(subject);
        }
        return versions;
    }

    private static @Nullable Version find(NavigableMap<Integer, Version> versions, Schema schema) {
        String text = schema.toString();
        return versions.values().stream()
                .filter(version -> version.schema().equals(text))
                .findFirst()
                .orElse(null);
    }

    private static int parseVersion(String version) {
        try {
            int number = Integer.parseInt(version);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what was asked.
        }
        throw RegistryException.invalidVersion(version);
    }

    private void append(Key key, Object value) {
        try {
            log.append(JSON.writeValueAsString(key), JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (KafkaException e) {
            inDoubt = true;
            throw RegistryException.storeFailed("The registry's topic could not be written: " + e.getMessage());
        }
    }

    /** After a failed write the log may hold a record that memory does not: an id given twice would be the end of both schemas. */
    private void settle() {
        if (inDoubt) {
            try {
                load();
            } catch (KafkaException e) {
                throw RegistryException.storeFailed("The registry's topic could not be read: " + e.getMessage());
            }
            inDoubt = false;
        }
    }

    private void load() {
        List<SchemaLog.Entry> entries = log.readAll();
        subjects.clear();
        schemas.clear();
        ids.clear();
        levels.clear();
        standard = Compatibility.BACKWARD;
        for (SchemaLog.Entry entry : entries) {
            try {
                JsonNode key = JSON.readTree(entry.key());
                switch (key.path("keytype").asText()) {
                    case "SCHEMA" -> apply(JSON.readValue(entry.value(), Version.class));
                    case "CONFIG" ->
                        apply(
                                key.hasNonNull("subject") ? key.get("subject").asText() : null,
                                JSON.readValue(entry.value(), Level.class).compatibilityLevel());
                    default -> {} // Kinds that only Confluent's registry has.
                }
            } catch (JsonProcessingException | AvroRuntimeException e) {
                throw new BrokerStartException(
                        "The schema registry's record at offset %d of topic _schemas cannot be read: %s"
                                .formatted(entry.offset(), e.getMessage()),
                        e);
            }
        }
    }

    private void apply(Version version) {
        subjects.computeIfAbsent(version.subject(), s -> new TreeMap<>()).put(version.version(), version);
        schemas.put(version.id(), new Schema.Parser().parse(version.schema()));
        ids.put(version.schema(), version.id());
    }

    private void apply(@Nullable String subject, Compatibility level) {
        if (subject == null) {
            standard = level;
        } else {
            levels.put(subject, level);
        }
    }
}
