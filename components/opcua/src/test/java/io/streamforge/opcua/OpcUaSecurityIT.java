package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.CertificateKeeper.PeerCertificate;
import io.streamforge.adapter.ConnectionTester.Outcome;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.model.Quality;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpcUaSecurityIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 10_000;
    private static final NodeOpcuaServer SERVER = NodeOpcuaServer.start(0, "{\"many\":%d}".formatted(MANY));

    private Path data = Path.of("");

    @BeforeEach
    void prepare(@TempDir Path folder) {
        data = folder;
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void aServerThatNobodyTrustsIsRejectedUntilItsCertificateIsMoved() throws Exception {
        Outcome refused = test(properties("Basic256Sha256", "sign-and-encrypt"));
        assertThat(refused.samples()).singleElement().satisfies(sample -> assertThat(sample.quality())
                .isEqualTo(Quality.BAD));
        String fault = refused.fault().orElseThrow();
        List<Path> rejected = files("rejected");
        assertThat(rejected).hasSize(1);
        assertThat(fault)
                .startsWith("certificate: the server's is not trusted: ")
                .contains("SHA-256 ")
                .endsWith("then trust it among the gateway's certificates, or move %s to %s"
                        .formatted(rejected.get(0), data.resolve("opcua/trusted")));

        Files.move(rejected.get(0), data.resolve("opcua/trusted").resolve("press-07.der"));
        Outcome trusted = test(properties("Basic256Sha256", "sign-and-encrypt"));
        assertThat(trusted.fault()).isEmpty();
        assertThat(trusted.samples().get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(files("rejected")).isEmpty();
    }

    @Test
    void aRunningRouteFollowsWhatAnAdministratorDecides() throws Exception {
        OpcUaCertificates certificates = new OpcUaCertificates();
        certificates.setDataFolder(data);
        assertThat(certificates.certificates()).isEmpty();
        try (CamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataFolder", data);
            context.getRegistry()
                    .bind(
                            "points",
                            JSON.readTree(
                                    "[{\"name\":\"temperature\",\"node\":\"nsu=urn:streamforge:peer;s=Temperature\"}]"));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("opcua:" + SERVER.url() + "?points=#bean:points&reconnectMaxDelayMs=3600000")
                            .routeId("secured")
                            .to("log:taken?level=TRACE");
                }
            });
            context.start();
            SourceHealth health = (SourceHealth) context.getRoute("secured").getConsumer();
            await().until(() -> certificates.certificates().size() == 1);
            PeerCertificate refused = certificates.certificates().get(0);
            assertThat(refused.trusted()).isFalse();
            assertThat(refused.protocol()).isEqualTo("OPC UA");
            assertThat(refused.fingerprint()).matches("[0-9A-F]{64}");
            assertThat(refused.uri()).startsWith("urn:");
            assertThat(refused.validFrom()).isBefore(refused.validTo());
            await().until(() -> health.fault().isPresent());
            assertThat(health.fault().orElseThrow()).contains(refused.fingerprint());

            assertThat(certificates.trust("00")).isFalse();
            assertThat(certificates.trust(refused.fingerprint())).isTrue();
            await().until(() -> health.fault().isEmpty() && health.counters().polls() > 0);
            assertThat(certificates.certificates())
                    .singleElement()
                    .satisfies(certificate -> assertThat(certificate.trusted()).isTrue());

            assertThat(certificates.remove(refused.fingerprint())).isTrue();
            await().until(() -> health.fault().isPresent());
            assertThat(certificates.remove("00")).isFalse();
        }
    }

    @Test
    void aCertificateThatIsTrustedWhileItIsBeingRejectedStaysTrustedOnly() throws Exception {
        trustTheServer();
        Path trusted = files("trusted").get(0);
        try (InputStream in = Files.newInputStream(trusted)) {
            new TrustList(data.resolve("opcua")).validator().addRejectedCertificate((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        assertThat(files("rejected")).isEmpty();
        assertThat(files("trusted")).containsExactly(trusted);
    }

    @ParameterizedTest
    @CsvSource({
        "Basic256Sha256, sign, anonymous",
        "Aes128_Sha256_RsaOaep, sign, anonymous",
        "Aes128_Sha256_RsaOaep, sign-and-encrypt, user",
        "Aes256_Sha256_RsaPss, sign, user",
        "Aes256_Sha256_RsaPss, sign-and-encrypt, certificate",
    })
    void speaksEveryPolicyWithEveryLogin(String security, String messages, String login) throws Exception {
        trustTheServer();
        ObjectNode properties = properties(security, messages).put("login", login);
        if (login.equals("user")) {
            properties.put("user", "operator").put("password", "secret-of-operator");
        }
        assertThat(test(properties).fault()).isEmpty();
    }

    @Test
    void aWrongPasswordIsNamedAndNotShown() throws Exception {
        trustTheServer();
        ObjectNode properties = properties("Basic256Sha256", "sign-and-encrypt")
                .put("login", "user")
                .put("user", "operator")
                .put("password", "wrong-password");
        String fault = test(properties).fault().orElseThrow();
        assertThat(fault).contains("Bad_UserAccessDenied").doesNotContain("wrong-password");
    }

    @Test
    void theGatewaysKeyAndCertificateStay() throws Exception {
        test(properties("none", "sign"));
        Path own = data.resolve("opcua/own");
        byte[] certificate = Files.readAllBytes(own.resolve("certificate.der"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve("key.der"))))
                .isEqualTo("rw-------");
        test(properties("none", "sign"));
        assertThat(Files.readAllBytes(own.resolve("certificate.der"))).isEqualTo(certificate);
    }

    @Test
    void browsesFromTheTopInPages() throws Exception {
        Browser browser = browser();
        Browser.Page top = browser.browse(properties("none", "sign"), null, 0, 100);
        Browser.Node press = node(top, "Press");
        assertThat(press.point()).isNull();
        assertThat(press.id()).isEqualTo("nsu=urn:streamforge:peer;s=Press");

        Browser.Page inPress = browser.browse(properties("none", "sign"), press.id(), 0, 100);
        Browser.Node temperature = node(inPress, "Temperature");
        assertThat(temperature.detail()).isEqualTo("Double");
        assertThat(temperature.point())
                .isEqualTo(JSON.readTree(
                        "{\"name\":\"Temperature\",\"node\":\"nsu=urn:streamforge:peer;s=Temperature\"}"));
        assertThat(PointTable.parse(JSON.createArrayNode().add(temperature.point())))
                .hasSize(1);

        String many = node(inPress, "Many").id();
        Browser.Page first = browser.browse(properties("none", "sign"), many, 0, 4_000);
        Browser.Page last = browser.browse(properties("none", "sign"), many, MANY - 1_000, 4_000);
        assertThat(first.nodes()).hasSize(4_000);
        assertThat(first.more()).isTrue();
        assertThat(last.nodes()).hasSize(1_000);
        assertThat(last.more()).isFalse();
        assertThat(last.nodes().get(999).name()).isEqualTo("V" + (MANY - 1));
    }

    @Test
    void browsesFromAPathOfNames() throws Exception {
        ObjectNode properties = properties("none", "sign");
        assertThat(node(browser().browse(properties, "/Press", 0, 100), "Temperature")
                        .point())
                .isEqualTo(new ObjectMapper()
                        .createObjectNode()
                        .put("name", "Temperature")
                        .put("node", "nsu=urn:streamforge:peer;s=Temperature"));
        assertThat(node(browser().browse(properties, "/Press", 0, 100), "Start"))
                .isEqualTo(new Browser.Node(
                        "nsu=urn:streamforge:peer;s=Start",
                        "Start",
                        false,
                        "Method",
                        new ObjectMapper()
                                .createObjectNode()
                                .put("name", "Start")
                                .put("node", "nsu=urn:streamforge:peer;s=Start")
                                .put("method", true)
                                .put("arguments", "Recipe, Count")));
        assertThat(browser().browse(properties, "/Press/Many/", 9_990, 100).nodes())
                .hasSize(10);
        assertThat(browser().browse(properties, "/Press/Rate &/ s", 0, 1).nodes())
                .isEmpty();
        assertThat(browser().browse(properties, "/", 0, 100))
                .isEqualTo(browser().browse(properties, null, 0, 100));
        assertThatThrownBy(() -> browser().browse(properties, "/Press/Rate &/ s/V", 0, 10))
                .hasMessage("There is no 'V' where the path leads. There: nothing.");
        assertThatThrownBy(() -> browser().browse(properties, "/Pres/Many", 0, 10))
                .isInstanceOf(IOException.class)
                .hasMessage("There is no 'Pres' where the path leads. There: Locations, Server, Aliases, Press.");
    }

    @Test
    void aNodeThatCannotBeBrowsedIsNamed() {
        assertThatThrownBy(() -> browser().browse(properties("none", "sign"), "nsu=urn:streamforge:peer;s=None", 0, 10))
                .isInstanceOf(IOException.class)
                .hasMessage("0x80340000 Bad_NodeIdUnknown at " + SERVER.url());
        assertThatThrownBy(() -> browser().browse(properties("none", "sign"), "Press", 0, 10))
                .hasMessage("'Press' is no node id, and no path of names as /Press/Temperature.");
        assertThatThrownBy(() ->
                        browser().browse(properties("none", "sign").put("url", "opc.tcp://127.0.0.1:1"), null, 0, 10))
                .hasMessage("connection: 0x80AC0000 Bad_ConnectionRejected at opc.tcp://127.0.0.1:1");
    }

    private void trustTheServer() throws IOException {
        test(properties("Basic256Sha256", "sign"));
        for (Path file : files("rejected")) {
            Files.move(file, data.resolve("opcua/trusted").resolve(file.getFileName()));
        }
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("opcua").resolve(folder))) {
            return files.toList();
        }
    }

    private static ObjectNode properties(String security, String messages) {
        return JSON.createObjectNode()
                .put("url", SERVER.url())
                .put("security", security)
                .put("messageSecurity", messages);
    }

    private Outcome test(JsonNode properties) throws IOException {
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        return tester.test(
                properties,
                JSON.readTree("[{\"name\":\"temperature\",\"node\":\"nsu=urn:streamforge:peer;s=Temperature\"}]"));
    }

    private Browser browser() {
        OpcUaBrowser browser = new OpcUaBrowser();
        browser.setDataFolder(data);
        return browser;
    }

    private static Browser.Node node(Browser.Page page, String name) {
        return page.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
