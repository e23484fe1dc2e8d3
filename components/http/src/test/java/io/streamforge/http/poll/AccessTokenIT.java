package io.streamforge.http.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.adapter.testing.Certificates;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service and its token endpoint over https; both want the certificates of the plant's own authority. */
class AccessTokenIT {

    private static final String ID = "gateway 1";
    private static final String SECRET = "s:cret/ü";
    /** Of {@code gateway+1:s%3Acret%2F%C3%BC}, as RFC 6749 §2.3.1 has it. */
    private static final String BASIC = "Basic Z2F0ZXdheSsxOnMlM0FjcmV0JTJGJUMzJUJD";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Certificates plant;

    private TlsFiles tls;
    private HttpsServer server;
    /** What reached the token endpoint. */
    private final List<String> asked = new ArrayList<>();
    /** What reached the service. */
    private final List<String> shown = new ArrayList<>();

    private int status = 200;
    private String grant = "{\"access_token\":\"t%d\",\"token_type\":\"bearer\",\"expires_in\":300}";
    private boolean taken = true;
    private Instant now = Instant.parse("2026-11-20T10:00:00Z");

    @BeforeAll
    static void certify(@TempDir Path directory) {
        plant = new Certificates(directory);
    }

    @BeforeEach
    void start() throws Exception {
        tls = new TlsFiles(plant.file("ca.crt").toString(), "", "");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(new TlsFiles(
                        "",
                        plant.file("server.crt").toString(),
                        plant.file("server.key").toString())
                .context()));
        server.createContext("/token", exchange -> {
            asked.add("%s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            answer(exchange, status, grant.formatted(asked.size()));
        });
        server.createContext("/api", exchange -> {
            shown.add("%s %s"
                    .formatted(
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            exchange.getRequestHeaders().getFirst("X-Key")));
            answer(exchange, taken ? 200 : 401, "{\"v\":7}");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aTokenIsAskedForOnceAndKeptUntilShortlyBeforeItExpires() throws Exception {
        try (PolledService service = service(grant("meters read"))) {
            assertThat(value(service)).isEqualTo(new Value.Whole(7));
            now = now.plusSeconds(269);
            assertThat(value(service)).isEqualTo(new Value.Whole(7));
            assertThat(asked).containsExactly("POST " + BASIC + " grant_type=client_credentials&scope=meters+read");
            now = now.plusSeconds(2);
            assertThat(value(service)).isEqualTo(new Value.Whole(7));
            assertThat(asked).hasSize(2);
            assertThat(shown).containsExactly("Bearer t1 k3y", "Bearer t1 k3y", "Bearer t2 k3y");
            assertThat(service.counters().errors()).isEmpty();
        }
    }

    @Test
    void aTokenOfUnknownLifeIsKeptUntilTheServiceRefusesIt() throws Exception {
        grant = "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\"}";
        try (PolledService service = service(grant(""))) {
            value(service);
            now = now.plus(Duration.ofDays(400));
            value(service);
            assertThat(asked).containsExactly("POST " + BASIC + " grant_type=client_credentials");
            assertThat(shown).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"'\"20\"', 17, 1", "'\"20\"', 19, 2", "-5, 0, 2", "9e18, 31000000, 1", "9e18, 32000000, 2"})
    void aLifeIsANumberOfSecondsHoweverItIsWritten(String life, int later, int tokens) throws Exception {
        grant = "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\",\"expires_in\":" + life + "}";
        try (PolledService service = service(grant(""))) {
            value(service);
            now = now.plusSeconds(later);
            value(service);
            assertThat(asked).hasSize(tokens);
        }
    }

    @Test
    void aRefusedTokenIsReplacedOnce() throws Exception {
        try (PolledService service = service(grant(""))) {
            value(service);
            taken = false;
            assertThat(reason(service)).isEqualTo("http: 401 Unauthorized");
            assertThat(shown).containsExactly("Bearer t1 k3y", "Bearer t1 k3y", "Bearer t2 k3y");
            taken = true;
            await().until(() -> new Value.Whole(7).equals(value(service)));
            assertThat(shown).last().isEqualTo("Bearer t3 k3y");
            assertThat(asked).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "401 | {\"error\":\"invalid_client\",\"error_description\":\"No such\\nclient\"} | token: http: 401 Unauthorized, invalid_client: No such client",
                "400 | {\"error\":\"invalid_scope\"} | token: http: 400 Bad Request, invalid_scope",
                "503 | busy | token: http: 503 Service Unavailable",
                "200 | <html> | token: the answer is not JSON",
                "200 | {\"token_type\":\"bearer\"} | token: the answer has no access_token",
                "200 | {\"access_token\":\"x\",\"token_type\":\"mac\"} | token: token_type must be Bearer, got 'mac'",
            })
    void withoutATokenTheServiceIsNotAsked(int code, String body, String reason) throws Exception {
        status = code;
        grant = body;
        try (PolledService service = service(grant(""))) {
            assertThat(reason(service)).isEqualTo(reason);
            assertThat(service.fault()).contains(reason);
            assertThat(service.counters().errors()).containsExactly(Map.entry("token", 1L));
        }
        assertThat(shown).isEmpty();
    }

    @Test
    void aTokenEndpointThatIsDownIsNamed() throws Exception {
        int nobody = FreePort.next();
        try (PolledService service =
                service(new TokenGrant("https://127.0.0.1:%d/token".formatted(nobody), ID, SECRET, ""))) {
            assertThat(reason(service)).startsWith("token: connection: ").contains(String.valueOf(nobody));
        }
        try (PolledService service =
                new PolledService(config(grant(""), new TlsFiles("", "", "")), mapping(), clock())) {
            assertThat(reason(service)).startsWith("token: tls: ");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void theConnectionTesterAsksForATokenToo() {
        JsonNode properties = JSON.createObjectNode()
                .put("url", url("/api"))
                .put("tokenUrl", url("/token"))
                .put("clientId", ID)
                .put("clientSecret", SECRET)
                .put("scope", "s")
                .put("caFile", tls.authorities());
        ConnectionTester.Outcome outcome = new HttpPollTester().test(properties, points());
        assertThat(outcome.samples()).extracting(Sample::value).containsExactly(new Value.Whole(7));
        assertThat(asked).containsExactly("POST " + BASIC + " grant_type=client_credentials&scope=s");
    }

    @Test
    void whatIsWrongWithTheGrantIsNamedWithoutASecret() {
        assertThatThrownBy(() -> config(new TokenGrant("", ID, SECRET, ""), tls))
                .hasMessage(
                        "HTTP service %s: clientId, clientSecret and scope must be empty without a tokenUrl.",
                        "127.0.0.1:" + server.getAddress().getPort());
        assertThatThrownBy(() -> PollConfig.of(
                        "http://x/",
                        "",
                        new Credentials("me", "pw", "Authorization"),
                        new TokenGrant("ftp://a/", "", "", ""),
                        tls,
                        100,
                        100,
                        0,
                        0,
                        100,
                        1024,
                        "s"))
                .hasMessage(
                        "HTTP service x: tokenUrl must begin with http:// or https:// and a host, without a user;"
                                + " clientId must not be empty; clientSecret must not be empty;"
                                + " username and secret must be empty with a tokenUrl, unless secretHeader is not Authorization.");
        assertThat(config(grant("s"), tls).toString()).doesNotContain(SECRET, ID);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String url(String path) {
        return "https://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    private TokenGrant grant(String scope) {
        return new TokenGrant(url("/token"), ID, SECRET, scope);
    }

    private PollConfig config(TokenGrant grant, TlsFiles files) {
        return PollConfig.of(
                url("/api"), "", new Credentials("", "k3y", "X-Key"), grant, files, 1000, 5000, 0, 0, 100, 1024, "ms");
    }

    private PolledService service(TokenGrant grant) {
        return new PolledService(config(grant, tls), mapping(), clock());
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
    }

    private static PayloadMapping mapping() {
        return PayloadMapping.of("HTTP points", points(), Set.of(), EpochUnit.MS);
    }

    private static JsonNode points() {
        return JSON.createArrayNode()
                .add(JSON.createObjectNode().put("name", "v").put("path", "$.v"));
    }

    private static @Nullable Value value(PolledService service) throws InterruptedException {
        return sample(service).value();
    }

    private static @Nullable String reason(PolledService service) throws InterruptedException {
        return sample(service).reason();
    }

    private static Sample sample(PolledService service) throws InterruptedException {
        return Observation.samples(service.poll()).get(0);
    }
}
