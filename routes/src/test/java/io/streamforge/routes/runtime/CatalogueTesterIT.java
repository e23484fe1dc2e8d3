package io.streamforge.routes.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.ConnectionTester.Outcome;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** With Kamelets of the catalogue, unchanged, but for one that tells its secret. */
class CatalogueTesterIT {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(Feature.ALLOW_SINGLE_QUOTES).build();

    private final ObjectNode properties =
            JSON.createObjectNode().put("kamelet", "timer-source").put("secretOption", "contentType");

    @Test
    void theFirstMessageIsMapped() throws IOException {
        properties.put("options", "message=12.5");
        Outcome outcome = test("[{'name':'power','path':'$','unit':'kW'}]");
        assertThat(outcome.fault()).isEmpty();
        assertThat(outcome.samples())
                .extracting(Sample::parameter, Sample::value, Sample::unit, Sample::quality)
                .containsExactly(tuple("power", new Value.Real(12.5), "kW", Quality.GOOD));
    }

    @Test
    void whatAPointIsNotInIsSaid() throws IOException {
        properties.put("options", "message=12.5");
        Outcome outcome = test("[{'name':'power','path':'$'},{'name':'heat','path':'$.heat'}]");
        assertThat(outcome.samples())
                .extracting(Sample::parameter, Sample::quality)
                .containsExactlyInAnyOrder(tuple("power", Quality.GOOD), tuple("heat", Quality.BAD));
        assertThat(outcome.fault().orElseThrow())
                .startsWith("Kamelet 'timer-source' hands over what point 'heat' is not in: value: ");
    }

    @Test
    void whatIsNoJsonIsSaid() throws IOException {
        properties.put("options", "message=warm");
        assertThat(test("[{'name':'power','path':'$'}]").fault().orElseThrow()).contains("the body is not JSON");
    }

    @Test
    void anAddressIsAnOptionAsItStands() throws IOException {
        HttpServer meter = meter(request -> {
            byte[] answer = "{\"kW\":12.5}".getBytes(UTF_8);
            boolean whole = "hall=3&phase=1".equals(request.getRequestURI().getQuery());
            request.sendResponseHeaders(whole ? 200 : 404, answer.length);
            request.getResponseBody().write(answer);
        });
        try {
            properties.put("kamelet", "http-secured-source");
            properties.put("options", "url=RAW(%s?hall=3&phase=1)&period=100".formatted(address(meter)));
            Outcome outcome = test("[{'name':'power','path':'$.kW'}]");
            assertThat(outcome.fault()).isEmpty();
            assertThat(outcome.samples()).extracting(Sample::value).containsExactly(new Value.Real(12.5));
        } finally {
            meter.stop(0);
        }
    }

    @Test
    void whatFailsWhileTheKameletRunsIsSaid() throws IOException {
        HttpServer meter = meter(request -> request.sendResponseHeaders(503, -1));
        try {
            properties.put("kamelet", "http-secured-source");
            properties.put("options", "url=%s&period=100".formatted(address(meter)));
            Outcome outcome = test("[{'name':'power','path':'$.kW'}]");
            assertThat(outcome.fault())
                    .contains("Kamelet 'http-secured-source': HTTP operation failed invoking %s with statusCode: 503"
                            .formatted(address(meter)));
            assertThat(outcome.samples())
                    .extracting(Sample::parameter, Sample::value, Sample::quality, Sample::reason)
                    .containsExactly(tuple("power", null, Quality.BAD, "no message"));
        } finally {
            meter.stop(0);
        }
    }

    @Test
    void aSecretIsForItsComponentAlone() throws IOException {
        String secret = "s3{{cr}}&3=t)#%41";
        properties
                .put("kamelet", "login-source")
                .put("secretOption", "password")
                .put("secret", secret);
        Outcome outcome = test("[{'name':'password','path':'$'},{'name':'other','path':'$.other'}]");
        assertThat(outcome.samples()).extracting(Sample::value).contains(new Value.Text(secret));
        assertThat(outcome.fault().orElseThrow()).doesNotContain("cr}}");
    }

    @Test
    void anUnknownKameletIsNamed() throws IOException {
        properties.put("kamelet", "steam-source");
        assertThat(test("[{'name':'power','path':'$'}]").fault().orElseThrow())
                .startsWith("Kamelet 'steam-source': ")
                .endsWith("Resource not found: classpath:kamelets,classpath:catalogue/steam-source.kamelet.yaml");
    }

    @Test
    void aMissingComponentIsNamed() throws IOException {
        properties.put("kamelet", "ftp-source");
        properties.put("options", "connectionHost=127.0.0.1&directoryName=in&username=gateway");
        properties.put("secretOption", "password").put("secret", "s3cr3t");
        assertThat(test("[{'name':'power','path':'$'}]").fault().orElseThrow())
                .startsWith("Kamelet 'ftp-source': ")
                .contains("No endpoint could be found for: ftp://")
                .endsWith("please check your classpath contains the needed Camel component jar.")
                .doesNotContain("s3cr3t");
    }

    @Test
    void theKameletsOwnFailureIsSaid() throws IOException {
        String points = "[{'name':'power','path':'$'}]";
        assertThat(test(points).fault().orElseThrow())
                .startsWith("Kamelet 'timer-source': ")
                .contains("message");
    }

    @Test
    void aSourceThatHandsNothingOverIsNoFault() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer meter = meter(request -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            properties.put("kamelet", "http-secured-source");
            properties.put("options", "url=%s&period=100".formatted(address(meter)));
            Outcome outcome = new CatalogueTester(Duration.ofMillis(1))
                    .test(properties, JSON.readTree("[{'name':'power','path':'$.power','unit':'kW'}]"));
            assertThat(outcome.fault()).isEmpty();
            assertThat(outcome.samples())
                    .extracting(Sample::parameter, Sample::value, Sample::quality, Sample::reason)
                    .containsExactly(tuple("power", null, Quality.UNCERTAIN, "no message within 1 ms"));
        } finally {
            over.countDown();
            meter.stop(0);
        }
    }

    private Outcome test(String points) throws IOException {
        return ServiceLoader.load(ConnectionTester.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.connector().equals("catalogue-source"))
                .findFirst()
                .orElseThrow()
                .test(properties, JSON.readTree(points));
    }

    private static HttpServer meter(HttpHandler answer) throws IOException {
        HttpServer meter = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        meter.createContext("/power", request -> {
            answer.handle(request);
            request.close();
        });
        meter.start();
        return meter;
    }

    private static String address(HttpServer meter) {
        return "http://127.0.0.1:%d/power".formatted(meter.getAddress().getPort());
    }
}
