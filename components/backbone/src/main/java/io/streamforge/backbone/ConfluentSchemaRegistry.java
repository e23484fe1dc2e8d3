package io.streamforge.backbone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.model.SchemaRegistry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of the registry's Confluent API. What it has learnt stays in memory and in a local file, so that a gateway starts and decodes
 * while its registry is away. The registry has the last word: it is asked first, once per schema and process. An id that it did not know is
 * asked for again each time, but taken as unknown while it is away: a record read once more must not hold up what stands behind it.
 */
public final class ConfluentSchemaRegistry implements SchemaRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ConfluentSchemaRegistry.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** So many ids that the registry did not know are remembered, the latest. */
    private static final int MOST_UNKNOWN = 1_000;

    /** A schema under a topic's subject. */
    private record Written(String topic, Schema schema) {}

    private final List<URI> registries;
    private final Path cacheFile;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final ConcurrentMap<Written, Integer> ids = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Set<Integer> unknown = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > MOST_UNKNOWN;
        }
    });
    private final ObjectNode cached;
    private boolean cacheFails;

    /**
     * @param registries where the registry answers; each is tried in turn
     * @param cacheFile JSON file of what was learnt, made if it does not exist; a file that cannot be read or written is reported and the
     *     client works on without it
     */
    public ConfluentSchemaRegistry(List<URI> registries, Path cacheFile) {
        if (registries.isEmpty()) {
            throw new IllegalArgumentException(
                    "The schema registry needs at least one address, for instance http://127.0.0.1:18081.");
        }
        this.registries = List.copyOf(registries);
        this.cacheFile = cacheFile.toAbsolutePath();
        this.cached = read();
    }

    @Override
    public int idFor(String topic, Schema schema) {
        return ids.computeIfAbsent(new Written(topic, schema), this::register);
    }

    @Override
    public Schema byId(int id) {
        return schemas.computeIfAbsent(id, this::fetch);
    }

    private int register(Written written) {
        String subject = written.topic() + "-value";
        String text = written.schema().toString();
        try {
            JsonNode answer = ask(
                    "/subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions",
                    JSON.createObjectNode().put("schema", text).toString());
            int id = answer.path("id").asInt();
            learn("ids", subject + " " + text, Integer.toString(id));
            learn("schemas", Integer.toString(id), text);
            return id;
        } catch (NoAnswerException e) {
            String id = known("ids", subject + " " + text);
            if (id.isEmpty()) {
                throw unavailable(
                        "the id of schema '%s' for subject '%s'"
                                .formatted(written.schema().getName(), subject),
                        e);
            }
            return Integer.parseInt(id);
        } catch (RefusedException e) {
            throw new IllegalStateException(
                    "The schema registry refuses schema '%s' for subject '%s': %s. Its versions must be backward compatible."
                            .formatted(written.schema().getFullName(), subject, e.getMessage()),
                    e);
        }
    }

    private Schema fetch(int id) {
        try {
            String text = ask("/schemas/ids/" + id, null).path("schema").asText();
            Schema schema = new Schema.Parser().parse(text);
            learn("schemas", Integer.toString(id), text);
            setUnknown(id, false);
            return schema;
        } catch (NoAnswerException e) {
            String text = known("schemas", Integer.toString(id));
            if (isUnknown(id)) {
                throw new UnknownSchemaException(id);
            }
            if (text.isEmpty()) {
                throw unavailable("schema id %d".formatted(id), e);
            }
            return new Schema.Parser().parse(text);
        } catch (RefusedException e) {
            if (e.status == 404) {
                setUnknown(id, true);
                throw new UnknownSchemaException(id);
            }
            throw new IllegalStateException(
                    "The schema registry does not give schema id %d: %s.".formatted(id, e.getMessage()), e);
        }
    }

    private synchronized boolean isUnknown(int id) {
        return unknown.contains(id);
    }

    private synchronized void setUnknown(int id, boolean isUnknown) {
        if (isUnknown) {
            unknown.add(id);
        } else {
            unknown.remove(id);
        }
    }

    private RegistryUnavailableException unavailable(String what, NoAnswerException cause) {
        return new RegistryUnavailableException(
                "The schema registry at %s does not answer (%s), and the cache %s does not know %s. Waiting for the registry."
                        .formatted(registries, Failures.describe(cause), cacheFile, what),
                cause);
    }

    /** One question to the first registry that answers it; a POST if there is a body. */
    private JsonNode ask(String path, @Nullable String body) throws NoAnswerException, RefusedException {
        NoAnswerException last = null;
        for (URI registry : registries) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(registry.toString().replaceAll("/+$", "") + path))
                    .timeout(TIMEOUT)
                    .header("Accept", "application/vnd.schemaregistry.v1+json");
            if (body != null) {
                request.header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
            }
            try {
                HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return JSON.readTree(response.body());
                }
                if (response.statusCode() / 100 == 4) {
                    throw new RefusedException(response.statusCode(), response.body());
                }
                last = new NoAnswerException(
                        new IOException("HTTP %d from %s".formatted(response.statusCode(), registry)));
            } catch (IOException e) {
                last = new NoAnswerException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new NoAnswerException(e);
            }
        }
        throw last != null ? last : new NoAnswerException(new ConnectException("no address"));
    }

    private synchronized String known(String kind, String key) {
        return cached.path(kind).path(key).asText("");
    }

    private synchronized void learn(String kind, String key, String value) {
        if (value.equals(cached.path(kind).path(key).asText())) {
            return;
        }
        cached.withObject("/" + kind).put(key, value);
        Path draft = cacheFile.resolveSibling(cacheFile.getFileName() + ".new");
        try {
            Files.createDirectories(cacheFile.resolveSibling("."));
            Files.writeString(draft, cached.toPrettyString());
            Files.move(draft, cacheFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (cacheFails) {
                cacheFails = false;
                LOG.atInfo().addKeyValue("file", cacheFile).log("The schema cache is written again");
            }
        } catch (IOException e) {
            if (!cacheFails) {
                cacheFails = true;
                LOG.atWarn()
                        .addKeyValue("file", cacheFile)
                        .setCause(e)
                        .log(
                                "The schema cache cannot be written: until it can, this gateway needs its registry at every start");
            }
            deleteQuietly(draft);
        }
    }

    private static void deleteQuietly(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("file", draft).setCause(e).log("The draft of the schema cache was left behind");
        }
    }

    private ObjectNode read() {
        try {
            if (Files.exists(cacheFile) && JSON.readTree(Files.readString(cacheFile)) instanceof ObjectNode known) {
                return known;
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", cacheFile)
                    .setCause(e)
                    .log("The schema cache cannot be read and is started anew");
        }
        return JSON.createObjectNode();
    }

    /** No registry could be reached. */
    private static final class NoAnswerException extends Exception {
        NoAnswerException(Exception cause) {
            super(cause);
        }
    }

    /** The registry understood and said no. */
    private static final class RefusedException extends Exception {
        private final int status;

        RefusedException(int status, String answer) {
            super("HTTP %d %s".formatted(status, answer));
            this.status = status;
        }
    }
}
