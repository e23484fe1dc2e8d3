package io.streamforge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.testing.Certificates;
import io.streamforge.model.Loss;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the JDK's HTTP client, curl and a bare socket. */
class HttpPushConsumerIT {

    private static final String KEY = "0123456789abcdef";
    private static final String READING = "{\"parameter\":\"temperature\",\"value\":24.1}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CamelContext context = new DefaultCamelContext();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final List<List<Sample>> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch streamBack = new CountDownLatch(1);

    @BeforeEach
    void start() {
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stop() {
        streamBack.countDown();
        context.stop();
    }

    @Test
    void aReadingIsAcceptedWhenTheRouteHasTakenIt() throws Exception {
        route("", this::take);
        HttpResponse<String> response = post(READING);
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"accepted\":1}");
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(consumer().counters().polls()).isEqualTo(1);
        assertThat(consumer().fault()).isEmpty();
    }

    @Test
    void curlSendsCsvLineProtocolAndALargeBodyThatItAnnouncesFirst(@TempDir Path directory) throws Exception {
        route("", this::take);
        assertThat(curl("text/csv", "parameter,value\ntemperature,24.1\n")).isEqualTo("202");
        assertThat(curl("text/plain; charset=utf-8", "temperature value=24.1 1763712000000000000"))
                .isEqualTo("202");
        String large = IntStream.range(0, 5000)
                .mapToObj(i -> "{\"parameter\":\"temperature-%0100d\",\"value\":%d}".formatted(i, i))
                .collect(Collectors.joining(",", "[", "]"));
        Path file = Files.writeString(directory.resolve("large.json"), large);
        assertThat(curl("application/json", "@" + file, "-H", "Expect: 100-continue"))
                .isEqualTo("202");
        assertThat(curl("application/json", "@" + file, "-H", "Transfer-Encoding: chunked"))
                .isEqualTo("202");
        assertThat(taken.stream().map(List::size)).containsExactly(1, 1, 5000, 5000);
    }

    @Test
    void withACertificateItSpeaksHttpsOnlyAndTakesARenewedOne(@TempDir Path directory) throws Exception {
        Certificates first = new Certificates(directory.resolve("first"));
        Certificates second = new Certificates(directory.resolve("second"));
        Path certificate = Files.copy(first.file("server.crt"), directory.resolve("gateway.crt"));
        Path key = Files.copy(first.file("server.key"), directory.resolve("gateway.key"));
        route("&certificateFile=%s&keyFile=%s".formatted(certificate, key), this::take);
        assertThat(secureCurl(first)).isEqualTo("202");
        assertThat(secureCurl(second)).endsWith("000");
        assertThat(curl("application/json", READING)).endsWith("000");
        assertThat(taken).hasSize(1);

        Files.copy(second.file("server.key"), key, StandardCopyOption.REPLACE_EXISTING);
        await().until(() -> consumer()
                .fault()
                .orElse("")
                .endsWith("goes on with its former certificates: file %s is not the key of the certificate in %s"
                        .formatted(key, certificate)));
        assertThat(secureCurl(first)).isEqualTo("202");
        Files.copy(second.file("server.crt"), certificate, StandardCopyOption.REPLACE_EXISTING);
        await().until(() -> secureCurl(second).equals("202"));
        await().until(() -> consumer().fault().isEmpty());
    }

    @Test
    void sendersShowACertificateWhereOneIsAskedFor(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory.resolve("plant"));
        Certificates others = new Certificates(directory.resolve("others"));
        String tls = "%s&clientCaFile=%s".formatted(certified(plant), plant.file("ca.crt"));
        route(tls, this::take);
        assertThat(secureCurl(plant)).endsWith("000");
        assertThat(secureCurl(plant, "--cert", others.file("client.crt"), "--key", others.file("client.key")))
                .endsWith("000");
        assertThat(secureCurl(plant, "--cert", plant.file("client.crt"), "--key", plant.file("client.key")))
                .isEqualTo("202");
        assertThat(taken).hasSize(1);
    }

    @Test
    void certificatesThatCannotBeUsedAreSaidAndThoseOfASharedPortAreTheSame(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory);
        String tls = certified(plant);
        assertThatThrownBy(() -> route("&certificateFile=" + plant.file("server.crt"), this::take))
                .rootCause()
                .hasMessage("certificateFile and keyFile must be given together.");
        assertThatThrownBy(() -> route("&clientCaFile=" + plant.file("ca.crt"), this::take))
                .rootCause()
                .hasMessage("HTTP source: certificateFile and keyFile must be given for clientCaFile to be used.");
        Path later = directory.resolve("later.crt");
        route("&certificateFile=%s&keyFile=%s".formatted(later, plant.file("server.key")), this::take);
        assertThat(consumer().fault().orElseThrow()).endsWith("file %s does not exist".formatted(later));
        Files.copy(plant.file("server.crt"), later);
        await().until(() -> consumer().fault().isEmpty());
        assertThat(secureCurl(plant)).isEqualTo("202");
        assertThatThrownBy(() -> route(0, "/two", "two", tls, this::take))
                .hasMessageEndingWith(
                        "another adapter listens there with other certificates, or without; give all the same ones.");
    }

    @Test
    void lineProtocolTakesItsPrecisionFromTheQuery() throws Exception {
        route("", this::take);
        assertThat(send(request("?precision=s", "text/plain", "a value=1 1763712000"))
                        .statusCode())
                .isEqualTo(202);
        assertThat(taken.get(0).get(0).deviceTime()).isEqualTo("2025-11-21T08:00:00Z");
        assertThat(send(request("?precision=h", "text/plain", "a value=1 1")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFaultRefusesTheWholeRequestAndNamesItsPlace() throws Exception {
        route("", this::take);
        HttpResponse<String> response = post("[" + READING + ",{\"parameter\":\"pressure\"}]");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json; charset=UTF-8");
        JsonNode problem = JSON.readTree(response.body());
        assertThat(problem.path("detail").asText()).isEqualTo("1 of 2 readings cannot be used, so none was taken.");
        assertThat(problem.at("/errors/0/pointer").asText()).isEqualTo("/1/value");
        assertThat(problem.path("requestId").asText()).isNotBlank();
        assertThat(taken).isEmpty();
        assertThat(consumer().counters().errors()).containsEntry("400 Bad Request", 1L);
    }

    @Test
    void whoDoesNotShowTheKeyIsRefused() throws Exception {
        route("", this::take);
        for (HttpRequest.Builder stranger : List.of(
                HttpRequest.newBuilder(uri("")),
                HttpRequest.newBuilder(uri("")).header("X-Api-Key", "0123456789abcdeg"),
                HttpRequest.newBuilder(uri("")).header("Authorization", "Bearer"))) {
            HttpResponse<String> response = send(stranger.header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(READING))
                    .build());
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).doesNotContain(KEY);
        }
        assertThat(taken).isEmpty();
    }

    @Test
    void otherPathsMethodsAndTypesAreRefused() throws Exception {
        route("", this::take);
        assertThat(send(request("/elsewhere", "application/json", READING)).statusCode())
                .isEqualTo(404);
        HttpResponse<String> get = send(
                HttpRequest.newBuilder(uri("")).header("X-Api-Key", KEY).GET().build());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");
        assertThat(send(request("", "application/xml", "<a/>")).statusCode()).isEqualTo(415);
        HttpResponse<String> zipped = send(HttpRequest.newBuilder(uri(""))
                .header("X-Api-Key", KEY)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString(READING))
                .build());
        assertThat(zipped.statusCode()).isEqualTo(415);
        assertThat(taken).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsAnnouncedOrNot() throws Exception {
        route("&maxBodyBytes=1024&maxReadings=2", this::take);
        String large = "{\"parameter\":\"%s\",\"value\":1}".formatted("x".repeat(2000));
        assertThat(post(large).statusCode()).isEqualTo(413);
        assertThat(curl("application/json", large, "-H", "Transfer-Encoding: chunked"))
                .isEqualTo("413");
        assertThat(post("[%s,%s,%s]".formatted(READING, READING, READING)).statusCode())
                .isEqualTo(413);
        assertThat(post(READING).statusCode()).isEqualTo(202);
    }

    @Test
    void requestsThatComeMeanwhileGoTogetherAndEachIsAnswered() throws Exception {
        route("", this::takeWhenTheStreamIsBack);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        answers.add(postAsync(READING));
        assertThat(underWay.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 10; i++) {
            answers.add(postAsync("[%s,%s]".formatted(READING, READING)));
        }
        await().until(() -> consumer().counters().polls() == 11);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        streamBack.countDown();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
        assertThat(taken.get(0)).hasSize(1);
        assertThat(taken.stream().mapToInt(List::size).sum()).isEqualTo(21);
        assertThat(taken.size()).isLessThan(11);
    }

    @Test
    void moreRequestsThanThereIsRoomForMean429AndNoThreadWaitsPerRequest() throws Exception {
        route("&acknowledgeTimeoutMs=60000&maxRequests=8", this::takeWhenTheStreamIsBack);
        List<CompletableFuture<HttpResponse<String>>> answers = postEight();
        await().until(() -> consumer().counters().polls() == 8);
        assertThat(post(READING).statusCode()).isEqualTo(429);
        await().until(() -> serverThreads() <= 4);
        assertThat(consumer().counters().skippedPolls()).isEqualTo(1);
        streamBack.countDown();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        }
        assertThat(post(READING).statusCode()).isEqualTo(202);
    }

    @Test
    void aStreamThatIsTooSlowMeans503() throws Exception {
        route("&acknowledgeTimeoutMs=1000&maxRequests=8", this::takeWhenTheStreamIsBack);
        for (CompletableFuture<HttpResponse<String>> answer : postEight()) {
            HttpResponse<String> response = answer.get(10, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
        }
        assertThat(consumer().counters().skippedPolls()).isEqualTo(8);
        assertThat(post("no JSON").statusCode()).isEqualTo(400);
        assertThat(consumer().losses().all())
                .as("what the senders were told, for the ledger")
                .isEqualTo(Map.of(Loss.REQUEST_TURNED_AWAY, 8L, Loss.REQUEST_REFUSED, 1L));
        streamBack.countDown();
        await().until(() -> post(READING.replace("24.1", "24.2")).statusCode() == 202);
        assertThat(taken.stream().flatMap(List::stream).map(Sample::value))
                .as("the one that was under way; what waited was withdrawn")
                .containsOnlyOnce(new Value.Real(24.1));
    }

    @Test
    void aRefusedExchangeMeans503ForItsRequests() throws Exception {
        route("", exchange -> {
            throw new IllegalStateException("not now");
        });
        assertThat(post(READING).statusCode()).isEqualTo(503);
        assertThat(consumer().counters().undelivered()).isEqualTo(1);
        assertThat(consumer().fault()).contains("stream: not now");
    }

    @Test
    void aBodyThatDoesNotArriveIsGivenUpAndItsRoomIsFree() throws Exception {
        route("&acknowledgeTimeoutMs=300&maxRequests=1", this::take);
        try (Socket socket = new Socket("127.0.0.1", consumer().port())) {
            OutputStream out = socket.getOutputStream();
            out.write("""
                    POST /readings HTTP/1.1\r
                    Host: x\r
                    X-Api-Key: %s\r
                    Content-Type: application/json\r
                    Content-Length: 100\r
                    \r
                    {""".formatted(KEY).getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("Connection: close");
        }
        await().until(() -> post(READING).statusCode() == 202);
    }

    @Test
    void manyRequestsOnOneConnectionAreAnsweredInTurn() throws Exception {
        route("", this::take);
        for (int i = 0; i < 200; i++) {
            assertThat(post(READING).statusCode()).isEqualTo(202);
        }
        assertThat(taken).hasSize(200);
    }

    /** Each has a timer of its own while it waits, and Camel's scheduled pools refuse what comes after a thousand tasks. */
    @Test
    void asManyRequestsWaitAsMayBeConfigured() throws Exception {
        int requests = PushConfig.MOST_REQUESTS;
        route("&acknowledgeTimeoutMs=60000&maxRequests=%d".formatted(requests), this::takeWhenTheStreamIsBack);
        try (Socket socket = new Socket("127.0.0.1", consumer().port())) {
            OutputStream out = socket.getOutputStream();
            for (int i = 1; i <= requests; i++) {
                out.write(onItsOwn(i == requests));
            }
            await().until(() -> consumer().counters().polls() == requests);
            streamBack.countDown();
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers.split("HTTP/1.1 202 ", -1)).hasSize(requests + 1);
        }
    }

    @Test
    void connectionsThatAreTooManyAreClosedAtOnceAlsoBeforeTheyShakeHands(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory);
        route(certified(plant), this::take);
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < HttpListener.MAX_CONNECTIONS; i++) {
                silent.add(new Socket("127.0.0.1", consumer().port()));
            }
            await().until(() -> secureCurl(plant).endsWith("000"));
            assertThat(consumer().fault().orElseThrow())
                    .endsWith("has 256 connections open, the most it takes; further ones are closed");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        await().until(() -> secureCurl(plant).equals("202"));
        assertThat(consumer().fault()).isEmpty();
    }

    @Test
    void connectionsThatHaveEndedLeaveRoomForOthers(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory);
        route(certified(plant), this::take);
        SSLContext tls = new TlsFiles(plant.file("ca.crt").toString(), "", "").context();
        int connections = HttpListener.MAX_CONNECTIONS + 10;
        for (int i = 0; i < connections; i++) {
            try (Socket socket =
                    tls.getSocketFactory().createSocket("127.0.0.1", consumer().port())) {
                socket.getOutputStream().write(onItsOwn(true));
                assertThat(new String(socket.getInputStream().readNBytes(13), StandardCharsets.UTF_8))
                        .isEqualTo("HTTP/1.1 202 ");
            }
        }
        assertThat(taken).hasSize(connections);
    }

    private static byte[] onItsOwn(boolean last) {
        return """
                POST /readings HTTP/1.1\r
                Host: x\r
                Connection: %s\r
                X-Api-Key: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                %s""".formatted(last ? "close" : "keep-alive", KEY, READING.length(), READING)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPortThatIsTakenIsAFaultUntilItIsFree() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            route(other.getLocalPort(), "/readings", "one", "", this::take);
            assertThat(consumer().fault().orElseThrow()).contains("cannot be listened on");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> consumer().fault().isEmpty());
        assertThat(post(READING).statusCode()).isEqualTo(202);
    }

    @Test
    void adaptersShareAPortByTheirPaths() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        route(port, "/readings", "one", "", this::take);
        route(port, "/other", "two", "", exchange -> {});
        assertThatThrownBy(() -> route(port, "/other", "three", "&maxReadings=7", exchange -> {}))
                .hasMessageContaining("the path is taken by another adapter");
        assertThat(send(request("", "application/json", READING)).statusCode()).isEqualTo(202);
        URI other = URI.create("http://127.0.0.1:%d/other".formatted(port));
        assertThat(send(HttpRequest.newBuilder(other)
                                .header("X-Api-Key", KEY)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(READING))
                                .build())
                        .statusCode())
                .isEqualTo(202);
        context.getRouteController().stopRoute("two");
        assertThat(send(HttpRequest.newBuilder(other)
                                .POST(BodyPublishers.noBody())
                                .build())
                        .statusCode())
                .isEqualTo(404);
        assertThat(post(READING).statusCode()).isEqualTo(202);
        assertThat(taken).hasSize(2);
    }

    @Test
    void aStopAnswersWhatWaitsAndLeavesNothingBehind() throws Exception {
        int before = serverThreads();
        route("", exchange -> streamBack.await());
        CompletableFuture<HttpResponse<String>> answer = postAsync(READING);
        await().until(() -> consumer().counters().polls() == 1);
        context.getRouteController().stopRoute("one", 10, TimeUnit.SECONDS);
        assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        await().until(() -> serverThreads() <= before);
        context.getRouteController().startRoute("one");
        streamBack.countDown();
        assertThat(post(READING).statusCode()).isEqualTo(202);
    }

    @Test
    void itListensOnItsAddressOnly() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("http-push:127.0.0.2:0/readings?apiKey=" + KEY)
                        .routeId("one")
                        .process(HttpPushConsumerIT.this::take);
            }
        });
        HttpRequest there = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.2:%d/readings".formatted(consumer().port())))
                .header("X-Api-Key", KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(READING))
                .build();
        assertThat(send(there).statusCode()).isEqualTo(202);
        assertThatThrownBy(() -> post(READING)).isInstanceOf(ConnectException.class);
    }

    private void take(Exchange exchange) {
        List<Sample> samples = new ArrayList<>();
        for (Object sample : exchange.getMessage().getBody(List.class)) {
            samples.add((Sample) sample);
        }
        taken.add(samples);
    }

    private void takeWhenTheStreamIsBack(Exchange exchange) throws InterruptedException {
        underWay.countDown();
        streamBack.await();
        take(exchange);
    }

    /** The first is under way when the others come. */
    private List<CompletableFuture<HttpResponse<String>>> postEight() throws InterruptedException {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        answers.add(postAsync(READING));
        underWay.await();
        IntStream.range(0, 7).forEach(i -> answers.add(postAsync(READING)));
        return answers;
    }

    private void route(String options, Processor processor) throws Exception {
        route(0, "/readings", "one", options, processor);
    }

    private void route(int port, String path, String id, String options, Processor processor) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("http-push:127.0.0.1:%d%s?apiKey=%s%s".formatted(port, path, KEY, options))
                        .routeId(id)
                        .process(processor);
            }
        });
    }

    /** The options of a gateway with its own certificate. */
    private static String certified(Certificates plant) {
        return "&certificateFile=%s&keyFile=%s".formatted(plant.file("server.crt"), plant.file("server.key"));
    }

    private HttpPushConsumer consumer() {
        return (HttpPushConsumer) context.getRoute("one").getConsumer();
    }

    private URI uri(String more) {
        return URI.create("http://127.0.0.1:%d/readings%s".formatted(consumer().port(), more));
    }

    private HttpRequest request(String more, String contentType, String body) {
        return HttpRequest.newBuilder(uri(more))
                .timeout(Duration.ofSeconds(20))
                .header("X-Api-Key", KEY)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> post(String json) throws Exception {
        return send(request("", "application/json", json));
    }

    private CompletableFuture<HttpResponse<String>> postAsync(String json) {
        return client.sendAsync(request("", "application/json", json), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, BodyHandlers.ofString());
    }

    /** The status that curl sees, over TLS with a server of this authority; it ends with 000 if there was none. */
    private String secureCurl(Certificates certificates, Object... more) throws Exception {
        List<String> options =
                new ArrayList<>(List.of("--cacert", certificates.file("ca.crt").toString()));
        Stream.of(more).map(Object::toString).forEach(options::add);
        return curl(
                uri("").toString().replace("http:", "https:"),
                "application/json",
                READING,
                options.toArray(String[]::new));
    }

    /** The status that curl sees. */
    private String curl(String contentType, String data, String... more) throws Exception {
        return curl(uri("").toString(), contentType, data, more);
    }

    private static String curl(String uri, String contentType, String data, String[] more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "-H",
                "Authorization: Bearer " + KEY,
                "-H",
                "Content-Type: " + contentType,
                "--data-binary",
                data));
        command.addAll(List.of(more));
        command.add(uri);
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static int serverThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("http-push")
                        || thread.getName().startsWith("httpserver"))
                .count();
    }
}
