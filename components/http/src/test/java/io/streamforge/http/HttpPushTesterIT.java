package io.streamforge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.ConnectionTester.Outcome;
import io.streamforge.adapter.testing.Certificates;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ServiceLoader;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside a running adapter, Python's own HTTP server and nobody. */
class HttpPushTesterIT {

    private static final String KEY = "0123456789abcdef";

    private final CamelContext context = new DefaultCamelContext();
    private final int port = FreePort.next();
    private final ObjectNode properties =
            new ObjectMapper().createObjectNode().put("port", port).put("apiKey", KEY);

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void aFreePortIsFreeAndStaysSo() {
        for (int times = 0; times < 2; times++) {
            Outcome outcome = test();
            assertThat(outcome.fault()).isEmpty();
            assertThat(outcome.samples())
                    .extracting(Sample::parameter, HttpPushTesterIT::text)
                    .containsExactly(
                            tuple("certificate", "none: http within this machine"),
                            tuple("port", "free"),
                            tuple("key", "senders show it as X-Api-Key or Authorization: Bearer"));
        }
    }

    @Test
    void withoutACertificateTheNetworkSeesTheKey() {
        properties.put("host", "0.0.0.0");
        Outcome outcome = test();
        assertThat(outcome.fault()).isEmpty();
        assertThat(outcome.samples().get(0).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(outcome.samples().get(0).reason())
                .isEqualTo("the key and the readings cross the network as they are");
    }

    @Test
    void aGatewayThatListensSharesItsPortByThePath() throws Exception {
        adapter("");
        assertThat(port(test())).isEqualTo("a gateway listens at this path: this adapter, if it runs already");
        properties.put("path", "/other").put("host", "0.0.0.0");
        assertThat(port(test())).isEqualTo("a gateway listens, the path is free");
    }

    @Test
    void aGatewayWithTlsIsKnownByItsCertificate(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory.resolve("plant"));
        Certificates others = new Certificates(directory.resolve("others"));
        adapter("&certificateFile=%s&keyFile=%s".formatted(plant.file("server.crt"), plant.file("server.key")));
        assertThat(test().fault())
                .contains("HTTP source 127.0.0.1:%d/: another program listens there already, or a gateway with TLS."
                        .formatted(port));
        own(plant);
        Outcome outcome = test();
        assertThat(outcome.fault()).isEmpty();
        assertThat(text(outcome.samples().get(0))).startsWith("https as CN=server, until 20");
        assertThat(port(outcome)).isEqualTo("a gateway listens at this path: this adapter, if it runs already");
        own(others);
        assertThat(test().fault().orElseThrow())
                .contains("somebody listens there already, with the certificate of CN=server until 20");
        properties.put("keyFile", plant.file("server.key").toString());
        assertThat(test().fault().orElseThrow()).contains("is not the key of the certificate in");
    }

    @Test
    void aGatewayThatAsksForCertificatesIsKnownByItsOwn(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory);
        adapter("&certificateFile=%s&keyFile=%s&clientCaFile=%s"
                .formatted(plant.file("server.crt"), plant.file("server.key"), plant.file("ca.crt")));
        own(plant);
        properties.put("clientCaFile", plant.file("ca.crt").toString());
        Outcome outcome = test();
        assertThat(outcome.fault()).isEmpty();
        assertThat(text(outcome.samples().get(1))).isEqualTo("signed by the authorities in " + plant.file("ca.crt"));
        assertThat(port(outcome)).isEqualTo("a gateway listens, with this certificate");
    }

    @Test
    void aCertificateThatIsNotValidAnyMoreIsAFault(@TempDir Path directory) {
        own(new Certificates(directory));
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(10));
        assertThat(new HttpPushTester(later)
                        .test(properties, MissingNode.getInstance())
                        .fault()
                        .orElseThrow())
                .contains("the certificate in %s is valid from ".formatted(directory.resolve("server.crt")));
    }

    @Test
    void anotherProgramOrAnAddressOfAnotherMachineIsAFault() throws Exception {
        Process server = new ProcessBuilder("python3", "-m", "http.server", "--bind", "127.0.0.1", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(this::answers);
            assertThat(test().fault().orElseThrow()).contains("another program listens there already");
        } finally {
            server.destroyForcibly().waitFor();
        }
        // an address of the documentation (RFC 5737), which no machine has
        properties.put("host", "192.0.2.1");
        assertThat(test().fault().orElseThrow()).contains("cannot be listened on: ");
    }

    @Test
    void whatIsWrongIsRefusedBeforeAnythingIsTried() {
        properties.put("apiKey", "short");
        assertThatThrownBy(this::test).hasMessageContaining("apiKey must have at least 16 characters, got 5");
        properties.put("apiKey", KEY).put("maxRequests", 0).put("unitField", "value");
        assertThatThrownBy(this::test)
                .hasMessageContaining("maxRequests must be at least 1, got 0")
                .hasMessageContaining("must be different names, got 'value' twice");
    }

    private Outcome test() {
        return ServiceLoader.load(ConnectionTester.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.connector().equals("http-source"))
                .findFirst()
                .orElseThrow()
                .test(properties, MissingNode.getInstance());
    }

    private void own(Certificates certificates) {
        properties
                .put("certificateFile", certificates.file("server.crt").toString())
                .put("keyFile", certificates.file("server.key").toString());
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void adapter(String options) throws Exception {
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("http-push:127.0.0.1:%d/?apiKey=%s%s".formatted(port, KEY, options))
                        .process(exchange -> {});
            }
        });
    }

    private static String port(Outcome outcome) {
        return outcome.samples().stream()
                .filter(sample -> sample.parameter().equals("port"))
                .findFirst()
                .map(HttpPushTesterIT::text)
                .orElseThrow();
    }

    private static String text(Sample sample) {
        return sample.value() instanceof Value.Text text ? text.value() : "";
    }
}
