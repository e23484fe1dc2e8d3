package io.streamforge.http.poll;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.adapter.testing.Certificates;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One service, played by WireMock. */
class PolledServiceIT {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.000123Z");
    private static final int TIMEOUT_MS = 10_000;
    private static final TlsFiles JAVAS = new TlsFiles("", "", "");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(Feature.ALLOW_SINGLE_QUOTES).build();
    private static final String TABLE =
            "[{'name':'temperature','path':'$.t','time':'$.ts','unit':'Cel'},{'name':'speed','path':'$.speed.rpm'}]";
    private static final String BODY = "{\"t\":24.1,\"ts\":\"2026-11-20T09:59:59Z\",\"speed\":{\"rpm\":1480}}";

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void aDocumentBecomesReadings() throws Exception {
        serve(ok(BODY));
        try (PolledService service = service("?from=1&to=2")) {
            List<Sample> samples = poll(service);
            assertThat(samples).extracting(Sample::parameter).containsExactly("temperature", "speed");
            assertThat(samples).extracting(Sample::value).containsExactly(new Value.Real(24.1), new Value.Whole(1480));
            assertThat(samples).extracting(Sample::gatewayTime).containsOnly(NOW);
            assertThat(samples.get(0).deviceTime()).isEqualTo(Instant.parse("2026-11-20T09:59:59Z"));
            assertThat(samples.get(0).unit()).isEqualTo("Cel");
            assertThat(service.fault()).isEmpty();
        }
        server.verify(getRequestedFor(urlEqualTo("/api?from=1&to=2"))
                .withHeader("Accept-Language", equalTo("de"))
                .withHeader("X-Version", equalTo("2: a"))
                .withHeader("Authorization", equalTo("Bearer t0p-secret")));
    }

    @Test
    void everyOptionReachesTheConfiguration() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("points", json(TABLE));
            context.start();
            PollConfig config = context.getEndpoint(
                            "http-poll:x?points=#bean:points&url=https://meters/api&headers=A: b&username=reader&secret=pw&caFile=ca"
                                    + "&certificateFile=own&keyFile=key&pollIntervalMs=510&timeoutMs=520&maxRequestsPerSecond=53&retries=4"
                                    + "&retryMaxDelayMs=550&maxBodyBytes=5600&epochUnit=us",
                            HttpPollEndpoint.class)
                    .config();
            assertThat(config)
                    .usingRecursiveComparison()
                    .isEqualTo(PollConfig.of(
                            "https://meters/api",
                            "A: b",
                            new Credentials("reader", "pw", "Authorization"),
                            TokenGrant.NONE,
                            new TlsFiles("ca", "own", "key"),
                            510,
                            520,
                            53,
                            4,
                            550,
                            5600,
                            "us"));
            assertThat(config.timeout()).hasMillis(520);
            assertThat(config.retryMaxDelay()).hasMillis(550);
            assertThat(config.maxBodyBytes()).isEqualTo(5600);
        }
    }

    /** Delays that grew as they do by default would be 250 ms, 500 ms, 1 s, 2 s, 4 s, 8 s. */
    @Test
    void aServiceThatIsDownIsAskedAgainAfterTheLongestDelayAtTheLatest() throws Exception {
        serve(status(500));
        try (PolledService service = service(config("", new Credentials("", "", "Authorization"), 0))) {
            await().until(() -> {
                service.poll();
                return server.countRequestsMatching(getRequestedFor(anyUrl()).build())
                                .getCount()
                        > 10;
            });
        }
    }

    @Test
    void aUserNameMakesItBasic() throws Exception {
        serve(ok(BODY));
        try (PolledService service = service(config("", new Credentials("reader", "pässword", "Authorization"), 0))) {
            poll(service);
        }
        server.verify(getRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Basic cmVhZGVyOnDDpHNzd29yZA==")));
    }

    @Test
    void whatHasNotChangedIsNotAskedForAgainOnceTheStreamHasIt() throws Exception {
        serve(ok(BODY).withHeader("ETag", "\"7\"").withHeader("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT"));
        server.stubFor(get(anyUrl())
                .withHeader("If-None-Match", equalTo("\"7\""))
                .withHeader("If-Modified-Since", equalTo("Fri, 20 Nov 2026 10:00:00 GMT"))
                .willReturn(status(304)));
        try (PolledService service = service("")) {
            List<Observation> first = service.poll();
            assertThat(service.poll()).isSameAs(first);
            service.confirm();
            assertThat(service.poll()).isEmpty();
            assertThat(service.fault()).isEmpty();
            assertThat(service.counters().failedPolls()).isZero();

            server.resetMappings();
            serve(status(500));
            assertThat(poll(service)).extracting(Sample::quality).containsOnly(Quality.BAD);
            service.confirm();
            server.resetMappings();
            server.stubFor(get(anyUrl()).withHeader("If-None-Match", absent()).willReturn(ok(BODY)));
            org.awaitility.Awaitility.await().until(() -> poll(service).size() == 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404|http: 404 Not Found|404 Not Found",
                "301|http: 301 Moved Permanently|301 Moved Permanently",
                "429|http: 429 Too Many Requests|429 Too Many Requests",
                "503|http: 503 Service Unavailable|503 Service Unavailable",
                "204|http: 204 No Content|204 No Content",
            })
    void aStatusIsTheReason(int status, String reason, String code) throws Exception {
        serve(status(status));
        try (PolledService service = service(config("", new Credentials("", "", "Authorization"), 0))) {
            assertThat(poll(service))
                    .extracting(Sample::reason)
                    .containsOnly(reason)
                    .hasSize(2);
            service.confirm();
            for (int i = 0; i < 20; i++) {
                assertThat(poll(service)).isEmpty();
            }
            assertThat(service.fault()).contains(reason);
            int asked = server.getAllServeEvents().size();
            assertThat(asked).as("polls that left it alone").isLessThan(21);
            assertThat(service.counters().errors()).containsEntry(code, (long) asked);
        }
    }

    @Test
    void aPassingFailureIsTriedAgainWithinThePoll() throws Exception {
        server.stubFor(scenario(Scenario.STARTED, "second").willReturn(status(503)));
        server.stubFor(scenario("second", "third").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        server.stubFor(scenario("third", "third").willReturn(ok(BODY)));
        try (PolledService service = service("")) {
            assertThat(poll(service)).extracting(Sample::quality).containsExactly(Quality.GOOD, Quality.GOOD);
            assertThat(service.counters().errors())
                    .containsEntry("503 Service Unavailable", 1L)
                    .containsEntry("connection", 1L);
        }
        server.verify(3, getRequestedFor(anyUrl()));
    }

    @Test
    void aServiceThatWantsToBeLeftAloneIs() throws Exception {
        serve(status(429).withHeader("Retry-After", "3600"));
        try (PolledService service = service("")) {
            for (int i = 0; i < 5; i++) {
                service.poll();
            }
            assertThat(service.fault()).contains("http: 429 Too Many Requests");
        }
        server.verify(1, getRequestedFor(anyUrl()));
    }

    @Test
    void aValueThatIsNotThereFailsItsPointAlone() throws Exception {
        serve(ok("{\"t\":24.1,\"speed\":\"fast\"}"));
        try (PolledService service = service("")) {
            List<Sample> samples = poll(service);
            assertThat(samples).extracting(Sample::quality).containsExactly(Quality.GOOD, Quality.BAD);
            assertThat(samples.get(1).reason()).isEqualTo("value: $.speed.rpm is missing");
            assertThat(service.fault()).contains("1 of 2 points are BAD: speed value: $.speed.rpm is missing");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>|value: the answer is not JSON: Unexpected character ('<' (code 60)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                "{\"t\":1} {}|value: the answer is not JSON: Trailing token (of type START_OBJECT) found after value (bound as `com.fasterxml.jackson.databind.JsonNode`): not allowed as per `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`",
            })
    void whatIsNotJsonIsARefusal(String body, String reason) throws Exception {
        serve(ok(body));
        try (PolledService service = service("")) {
            assertThat(poll(service)).extracting(Sample::reason).containsOnly(reason);
        }
        server.verify(1, getRequestedFor(anyUrl()));
    }

    @Test
    void anAnswerThatIsTooLargeOrTooSlowIsGivenUp() throws Exception {
        serve(ok(" ".repeat(2000)));
        try (PolledService service = service(config("", new Credentials("", "", "Authorization"), 0))) {
            assertThat(poll(service))
                    .extracting(Sample::reason)
                    .containsOnly("size: the answer has more than 1024 bytes");
        }
        server.resetMappings();
        serve(ok(BODY).withChunkedDribbleDelay(20, 60_000));
        String url = server.baseUrl() + "/api";
        try (PolledService service = service(config(url, new Credentials("", "", "Authorization"), JAVAS, 300, 0))) {
            assertThat(poll(service)).extracting(Sample::reason).containsOnly("timeout: no whole answer within 300 ms");
        }
    }

    @Test
    void theConnectionTesterSaysWhatTheServiceSaid() throws Exception {
        serve(ok(BODY));
        ConnectionTester tester = ServiceLoader.load(ConnectionTester.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.connector().equals("http-poll-source"))
                .findFirst()
                .orElseThrow();
        ConnectionTester.Outcome outcome = tester.test(json("{'url':'%s'}".formatted(server.baseUrl())), json(TABLE));
        assertThat(outcome.samples()).hasSize(2);
        assertThat(outcome.fault()).isEmpty();
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        Credentials none = new Credentials("", "", "Authorization");
        assertThatThrownBy(
                        () -> PollConfig.of("ftp://x/", "a;B: c", none, TokenGrant.NONE, JAVAS, 1, 1, -1, 9, 1, 1, "h"))
                .hasMessage(
                        "HTTP service -: url must begin with http:// or https:// and a host, without a user;"
                                + " headers must be 'Name: value', divided by semicolons, got 'a';"
                                + " pollIntervalMs must be at least 100, got 1; timeoutMs must be at least 100, got 1;"
                                + " maxRequestsPerSecond must be at least 0, got -1;"
                                + " retries must be at most 5, got 9; retryMaxDelayMs must be at least 100, got 1;"
                                + " maxBodyBytes must be at least 1024, got 1; epochUnit must be one of s, ms, us, ns, got 'h'.");
        assertThatThrownBy(() -> PollConfig.of(
                        "http://me:pw@x/", "", none, TokenGrant.NONE, JAVAS, 100, 100, 0, 0, 100, 1024, "s"))
                .hasMessage("HTTP service -: url must begin with http:// or https:// and a host, without a user.");
    }

    /** OpenSSL's own server. */
    @Test
    void trustsTheGivenAuthorityShowsItsCertificateAndReadsRenewedFiles(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory.resolve("plant"));
        Certificates others = new Certificates(directory.resolve("others"));
        Files.writeString(directory.resolve("api"), BODY);
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:" + port,
                        "-cert",
                        plant.file("server.crt").toString(),
                        "-key",
                        plant.file("server.key").toString(),
                        "-CAfile",
                        plant.file("ca.crt").toString(),
                        "-Verify",
                        "1",
                        "-verify_return_error",
                        "-WWW")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Path authorities = directory.resolve("trusted.crt");
            TlsFiles files = new TlsFiles(
                    authorities.toString(),
                    plant.file("client.crt").toString(),
                    plant.file("client.key").toString());
            String url = "https://127.0.0.1:%d/api".formatted(port);
            Credentials none = new Credentials("", "", "Authorization");
            PolledService service = service(config(url, none, files, TIMEOUT_MS, 0));
            assertThat(poll(service))
                    .extracting(Sample::reason)
                    .containsOnly("tls: file %s does not exist".formatted(authorities));
            Files.copy(others.file("ca.crt"), authorities);
            await().untilAsserted(() -> {
                service.poll();
                assertThat(service.fault().orElse("")).contains("tls: PKIX path");
            });
            Files.copy(plant.file("ca.crt"), authorities, StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> poll(service).stream().anyMatch(sample -> sample.value() != null));
            PolledService stranger =
                    service(config(url, none, new TlsFiles(authorities.toString(), "", ""), TIMEOUT_MS, 0));
            assertThat(poll(stranger)).extracting(Sample::value).containsOnlyNulls();
        } finally {
            openssl.destroyForcibly();
        }
    }

    private MappingBuilder scenario(String state, String next) {
        return get(anyUrl()).inScenario("retry").whenScenarioStateIs(state).willSetStateTo(next);
    }

    private void serve(com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answer) {
        server.stubFor(get(anyUrl()).atPriority(9).willReturn(answer));
    }

    private PollConfig config(String query, Credentials credentials, int retries) {
        return config(server.baseUrl() + "/api" + query, credentials, JAVAS, TIMEOUT_MS, retries);
    }

    private static PollConfig config(String url, Credentials credentials, TlsFiles tls, int timeoutMs, int retries) {
        return PollConfig.of(
                url,
                "Accept-Language: de; X-Version: 2: a",
                credentials,
                TokenGrant.NONE,
                tls,
                1000,
                timeoutMs,
                0,
                retries,
                100,
                1024,
                "ms");
    }

    private PolledService service(String query) {
        return service(config(query, new Credentials("", "Bearer t0p-secret", "Authorization"), 2));
    }

    private static PolledService service(PollConfig config) {
        return new PolledService(
                config,
                PayloadMapping.of("HTTP points", json(TABLE), Set.of(), config.epochUnit()),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static List<Sample> poll(PolledService service) throws InterruptedException {
        return Observation.samples(service.poll());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
