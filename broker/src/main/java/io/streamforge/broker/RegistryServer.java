package io.streamforge.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry over HTTP: the part of Confluent's REST API (v1) that serializers and tools use, and the process's health. */
final class RegistryServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final int LONGEST_BODY = 1 << 20;
    private static final String JSON_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private record SchemaRequest(
            @Nullable String schema,
            @Nullable String schemaType,
            @Nullable List<JsonNode> references) {}

    private record LevelRequest(@Nullable String compatibility) {}

    private record Id(int id) {}

    private record SchemaText(String schema) {}

    private record Use(String subject, int version) {}

    private record General(Compatibility compatibilityLevel) {}

    private record Changed(Compatibility compatibility) {}

    private record Mode(String mode) {}

    private record Verdict(
            @JsonProperty("is_compatible") boolean compatible,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> messages) {}

    private record Problem(@JsonProperty("error_code") int code, String message) {}

    private record Health(
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Check> checks) {
        private static Health of(String name, boolean up) {
            String status = up ? "UP" : "DOWN";
            return new Health(status, List.of(new Check(name, status)));
        }
    }

    private record Check(String name, String status) {}

    private record Answer(int status, Object body) {}

    private final HttpServer http;
    private final ExecutorService workers;
    private final SchemaStore store;
    private final SchemaTopic topic;

    private RegistryServer(HttpServer http, SchemaStore store, SchemaTopic topic) {
        this.http = http;
        this.store = store;
        this.topic = topic;
        workers = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, "schema-registry");
            thread.setDaemon(true);
            return thread;
        });
        http.setExecutor(workers);
        http.createContext("/", this::handle);
    }

    static RegistryServer start(int port, SchemaStore store, SchemaTopic topic) throws IOException {
        // The JDK's server otherwise waits for the client's delayed acknowledgement: 40 ms per call.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        RegistryServer server = new RegistryServer(http, store, topic);
        http.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        workers.shutdown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (RegistryException e) {
                answer = new Answer(e.status(), new Problem(e.code(), String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("method", exchange.getRequestMethod())
                        .addKeyValue("path", exchange.getRequestURI().getPath())
                        .setCause(e)
                        .log("Registry call failed");
                answer = new Answer(500, new Problem(500, "The registry failed; its log says why."));
            }
            byte[] body = JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", JSON_TYPE);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        List<String> path = path(exchange);
        if (path.get(0).equals("health")) {
            return health(path);
        }
        Object body =
                switch (exchange.getRequestMethod()) {
                    case "GET" -> get(path);
                    case "POST" -> post(path, exchange);
                    case "PUT" -> put(path, exchange);
                    default -> throw RegistryException.methodNotAllowed(exchange.getRequestMethod());
                };
        return new Answer(200, body);
    }

    private static List<String> path(HttpExchange exchange) {
        String raw = exchange.getRequestURI().getRawPath();
        return Arrays.stream(raw.substring(1).split("/"))
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    private Answer health(List<String> path) {
        if (path.size() == 2 && path.get(1).equals("live")) {
            return new Answer(200, new Health("UP", List.of()));
        }
        if (path.size() == 1 || (path.size() == 2 && path.get(1).equals("ready"))) {
            boolean up = topic.answers(Duration.ofSeconds(2));
            return new Answer(up ? 200 : 503, Health.of("stream", up));
        }
        throw notFound(path);
    }

    private Object get(List<String> path) {
        return switch (pattern(path)) {
            case "" -> JSON.createObjectNode();
            case "subjects" -> store.subjects();
            case "subjects/*/versions" ->
                store.versions(path.get(1)).stream()
                        .map(SchemaStore.Version::version)
                        .toList();
            case "subjects/*/versions/*" -> store.version(path.get(1), path.get(3));
            case "subjects/*/versions/*/schema" -> schemaOf(store.version(path.get(1), path.get(3)));
            case "schemas/types" -> List.of("AVRO");
            case "schemas/ids/*" ->
                new SchemaText(store.schema(parseId(path.get(2))).toString());
            case "schemas/ids/*/schema" ->
                json(store.schema(parseId(path.get(2))).toString());
            case "schemas/ids/*/subjects" ->
                store.uses(parseId(path.get(2))).stream()
                        .map(SchemaStore.Version::subject)
                        .distinct()
                        .toList();
            case "schemas/ids/*/versions" ->
                store.uses(parseId(path.get(2))).stream()
                        .map(version -> new Use(version.subject(), version.version()))
                        .toList();
            case "config" -> new General(store.generalLevel());
            case "config/*" -> new General(ownLevel(path.get(1)));
            case "mode" -> new Mode("READWRITE");
            default -> throw notFound(path);
        };
    }

    private Object post(List<String> path, HttpExchange exchange) throws IOException {
        return switch (pattern(path)) {
            case "subjects/*" -> store.lookUp(path.get(1), schema(exchange));
            case "subjects/*/versions" ->
                new Id(store.register(path.get(1), schema(exchange)).id());
            case "compatibility/subjects/*/versions" -> verdict(store.conflicts(path.get(2), schema(exchange)));
            case "compatibility/subjects/*/versions/*" ->
                verdict(store.conflicts(store.version(path.get(2), path.get(4)), schema(exchange)));
            default -> throw notFound(path);
        };
    }

    private Object put(List<String> path, HttpExchange exchange) throws IOException {
        String subject =
                switch (pattern(path)) {
                    case "config" -> null;
                    case "config/*" -> path.get(1);
                    default -> throw notFound(path);
                };
        Compatibility level = parseLevel(read(exchange, LevelRequest.class).compatibility());
        store.setLevel(subject, level);
        return new Changed(level);
    }

    /** The path with its variable segments as stars. */
    private static String pattern(List<String> path) {
        String[] segments = path.toArray(String[]::new);
        int variable = segments[0].equals("compatibility") || segments[0].equals("schemas") ? 2 : 1;
        for (int i = variable; i < segments.length; i += 2) {
            segments[i] = "*";
        }
        return String.join("/", segments);
    }

    private Compatibility ownLevel(String subject) {
        Compatibility level = store.ownLevel(subject);
        if (level == null) {
            throw RegistryException.levelNotConfigured(subject);
        }
        return level;
    }

    private static Verdict verdict(List<String> conflicts) {
        return new Verdict(conflicts.isEmpty(), conflicts);
    }

    private static JsonNode schemaOf(SchemaStore.Version version) {
        return json(version.schema());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Schema schema(HttpExchange exchange) throws IOException {
        SchemaRequest request = read(exchange, SchemaRequest.class);
        String type = request.schemaType();
        if (type != null && !type.equals("AVRO")) {
            throw RegistryException.invalidSchema("Unknown schemaType '%s'. Known: AVRO.".formatted(type));
        }
        if (request.references() != null && !request.references().isEmpty()) {
            throw RegistryException.invalidSchema("A schema must be self-contained: references are not supported.");
        }
        if (request.schema() == null || request.schema().isBlank()) {
            throw RegistryException.invalidSchema("The field 'schema' must hold an Avro schema.");
        }
        try {
            return new Schema.Parser().parse(request.schema());
        } catch (RuntimeException e) {
            // Avro's parser answers an unknown type name with a NullPointerException.
            throw RegistryException.invalidSchema("Not an Avro schema: " + e.getMessage());
        }
    }

    private static <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw RegistryException.badRequest(
                    "The request's body must not be longer than %d bytes.".formatted(LONGEST_BODY));
        }
        try {
            T request = JSON.readValue(body, type);
            if (request != null) {
                return request;
            }
        } catch (JsonProcessingException e) {
            // Reported below; Jackson's own words show its internals.
        }
        throw RegistryException.badRequest("The request's body must be a JSON object.");
    }

    private static int parseId(String id) {
        try {
            return Integer.parseInt(id);
        } catch (NumberFormatException e) {
            throw RegistryException.schemaNotFound(id);
        }
    }

    private static Compatibility parseLevel(@Nullable String level) {
        return Arrays.stream(Compatibility.values())
                .filter(known -> known.name().equals(level))
                .findFirst()
                .orElseThrow(() -> RegistryException.invalidLevel("Unknown compatibility '%s'. Known: %s."
                        .formatted(
                                level,
                                String.join(
                                        ", ",
                                        Arrays.stream(Compatibility.values())
                                                .map(Enum::name)
                                                .toList()))));
    }

    private static RegistryException notFound(List<String> path) {
        return RegistryException.pathNotFound("/" + String.join("/", path));
    }
}
