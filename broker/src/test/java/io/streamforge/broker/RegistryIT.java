package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** "Schema Registry API Reference" of Confluent Platform: paths, shapes, status and error codes. */
class RegistryIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRST =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"}]}";
    private static final String SECOND =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"long\",\"default\":0}]}";
    private static final String INCOMPATIBLE =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start(@TempDir Path data) {
        broker = EmbeddedBroker.start(data, 0, 0, 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void registersAndFindsSchemas() throws Exception {
        String first = FIRST.replace("\"R\"", "\"OnlyHere\"");
        String second = SECOND.replace("\"R\"", "\"OnlyHere\"");
        JsonNode registered = expect(200, post("/subjects/telemetry.raw-value/versions", schema(first)));
        int id = registered.get("id").asInt();
        assertThat(expect(200, post("/subjects/other%2Fname/versions", schema(" " + first)))
                        .get("id")
                        .asInt())
                .isEqualTo(id);
        assertThat(expect(200, get("/schemas/ids/" + id)).get("schema").asText())
                .isEqualTo(first);
        assertThat(expect(200, get("/schemas/ids/" + id + "/versions")))
                .isEqualTo(
                        json(
                                "[{\"subject\":\"other/name\",\"version\":1},{\"subject\":\"telemetry.raw-value\",\"version\":1}]"));
        assertThat(expect(200, get("/schemas/ids/" + id + "/subjects")))
                .isEqualTo(json("[\"other/name\",\"telemetry.raw-value\"]"));

        int next = expect(200, post("/subjects/telemetry.raw-value/versions", schema(second)))
                .get("id")
                .asInt();
        assertThat(next).isNotEqualTo(id);
        assertThat(expect(200, get("/subjects/telemetry.raw-value/versions"))).isEqualTo(json("[1,2]"));
        JsonNode latest = expect(200, get("/subjects/telemetry.raw-value/versions/latest"));
        assertThat(latest.get("subject").asText()).isEqualTo("telemetry.raw-value");
        assertThat(latest.get("version").asInt()).isEqualTo(2);
        assertThat(latest.get("id").asInt()).isEqualTo(next);
        assertThat(latest.get("schema").asText()).isEqualTo(second);
        assertThat(expect(200, get("/subjects/telemetry.raw-value/versions/1/schema")))
                .isEqualTo(json(first));
        assertThat(expect(200, post("/subjects/telemetry.raw-value", schema(first)))
                        .get("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(expect(200, get("/subjects"))).contains(json("\"telemetry.raw-value\""));
    }

    @Test
    void refusesIncompatibleSchemaAndSaysWhy() throws Exception {
        expect(200, post("/subjects/strict/versions", schema(FIRST)));
        JsonNode problem = expect(409, post("/subjects/strict/versions", schema(INCOMPATIBLE)));
        assertThat(problem.get("error_code").asInt()).isEqualTo(409);
        assertThat(problem.get("message").asText())
                .startsWith("The schema must be BACKWARD compatible with the earlier ones of subject 'strict'.")
                .contains("type mismatch at /fields/0/type");
        assertThat(expect(200, get("/subjects/strict/versions"))).isEqualTo(json("[1]"));

        JsonNode verdict = expect(200, post("/compatibility/subjects/strict/versions/latest", schema(INCOMPATIBLE)));
        assertThat(verdict.get("is_compatible").asBoolean()).isFalse();
        assertThat(verdict.get("messages")).hasSize(1);
        assertThat(expect(200, post("/compatibility/subjects/strict/versions", schema(SECOND))))
                .isEqualTo(json("{\"is_compatible\":true}"));
    }

    @Test
    void levelOfASubjectOverridesTheGeneralOne() throws Exception {
        assertThat(expect(200, get("/config"))).isEqualTo(json("{\"compatibilityLevel\":\"BACKWARD\"}"));
        expect(200, post("/subjects/loose/versions", schema(FIRST)));
        assertThat(expect(200, put("/config/loose", "{\"compatibility\":\"NONE\"}")))
                .isEqualTo(json("{\"compatibility\":\"NONE\"}"));
        assertThat(expect(200, get("/config/loose"))).isEqualTo(json("{\"compatibilityLevel\":\"NONE\"}"));
        expect(200, post("/subjects/loose/versions", schema(INCOMPATIBLE)));
        assertThat(expect(200, put("/config", "{\"compatibility\":\"BACKWARD\"}")))
                .isEqualTo(json("{\"compatibility\":\"BACKWARD\"}"));
    }

    @Test
    void tellsWhatItIs() throws Exception {
        assertThat(expect(200, get("/"))).isEqualTo(json("{}"));
        assertThat(expect(200, get("/schemas/types"))).isEqualTo(json("[\"AVRO\"]"));
        assertThat(expect(200, get("/mode"))).isEqualTo(json("{\"mode\":\"READWRITE\"}"));
        assertThat(get("/subjects").headers().firstValue("Content-Type"))
                .hasValue("application/vnd.schemaregistry.v1+json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    404 | 40401 | GET  | /subjects/none/versions        |  | Subject 'none' not found.
                    404 | 40402 | GET  | /subjects/known/versions/9     |  | Version 9 not found.
                    422 | 42202 | GET  | /subjects/known/versions/zero  |  | A version must be a number from 1 or 'latest', got 'zero'.
                    404 | 40403 | GET  | /schemas/ids/4711              |  | Schema 4711 not found.
                    404 | 40403 | GET  | /schemas/ids/abc               |  | Schema abc not found.
                    404 | 40408 | GET  | /config/known                  |  | Subject 'known' does not have subject-level compatibility configured.
                    404 | 404   | GET  | /nothing/here                  |  | There is nothing at '/nothing/here'.
                    404 | 404   | GET  | /health/dead                   |  | There is nothing at '/health/dead'.
                    405 | 405   | DELETE | /subjects/known              |  | Method DELETE must be one of GET, POST, PUT.
                    404 | 40401 | POST | /subjects/none                 | {"schema":"\\"string\\""} | Subject 'none' not found.
                    404 | 40403 | POST | /subjects/known                | {"schema":"\\"string\\""} | Schema in subject 'known' not found.
                    422 | 42201 | POST | /subjects/known/versions       | {"schema":"\\"strong\\""} | Not an Avro schema:
                    422 | 42201 | POST | /subjects/known/versions       | {} | The field 'schema' must hold an Avro schema.
                    422 | 42201 | POST | /subjects/known/versions       | {"schemaType":"JSON","schema":"{}"} | Unknown schemaType 'JSON'. Known: AVRO.
                    422 | 42201 | POST | /subjects/known/versions       | {"schema":"\\"string\\"","references":[{}]} | A schema must be self-contained: references are not supported.
                    400 | 400   | POST | /subjects/known/versions       | {"schema | The request's body must be a JSON object.
                    422 | 42203 | PUT  | /config                        | {"compatibility":"BACK"} | Unknown compatibility 'BACK'. Known: NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE.
                    """)
    void answersMistakesWithConfluentsCodes(
            int status, int code, String method, String path, String body, String message) throws Exception {
        expect(200, post("/subjects/known/versions", schema(FIRST)));
        JsonNode problem = expect(
                status,
                send(HttpRequest.newBuilder().method(method, BodyPublishers.ofString(body == null ? "" : body)), path));
        assertThat(problem.get("error_code").asInt()).isEqualTo(code);
        assertThat(problem.get("message").asText()).startsWith(message);
    }

    @Test
    void healthAsksTheStream() throws Exception {
        assertThat(expect(200, get("/health/live"))).isEqualTo(json("{\"status\":\"UP\"}"));
        JsonNode up = json("{\"status\":\"UP\",\"checks\":[{\"name\":\"stream\",\"status\":\"UP\"}]}");
        for (String path : List.of("/health/ready", "/health")) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(expect(200, get(path))).isEqualTo(up));
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path);
    }

    private HttpResponse<String> put(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder().PUT(BodyPublishers.ofString(body)), path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) throws Exception {
        return http.send(request.uri(URI.create(broker.registryUrl() + path)).build(), BodyHandlers.ofString());
    }

    private static JsonNode expect(int status, HttpResponse<String> response) throws JsonProcessingException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response.body());
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    private static String schema(String schema) throws JsonProcessingException {
        return JSON.createObjectNode().put("schema", schema).toString();
    }
}
