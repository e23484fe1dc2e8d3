package io.streamforge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GatewayOptionsTest {

    private static final List<String> MINIMUM =
            List.of("--data", "/tmp/d", "--bootstrap", "127.0.0.1:9092", "--registry", "http://127.0.0.1:8081/");

    @Test
    void readsTheCommandLineAndFallsBackToTheEnvironment() throws Exception {
        GatewayOptions options = GatewayOptions.parse(
                with("--name", "gw-north-1", "--end-with-stdin"),
                Map.of("STREAMFORGE_NAME", "other", "STREAMFORGE_TOKEN", "t-1", "STREAMFORGE_HTTP_PORT", "0"));

        assertThat(options.name()).isEqualTo("gw-north-1");
        assertThat(options.token()).contains("t-1");
        assertThat(options.httpPort()).isZero();
        assertThat(options.httpHost()).isEqualTo("127.0.0.1");
        assertThat(options.registry()).isEqualTo(URI.create("http://127.0.0.1:8081"));
        assertThat(options.endWithStdin()).isTrue();
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> GatewayOptions.parse(
                        List.of(
                                "--bootstrap",
                                "b:1",
                                "--http-port",
                                "99999",
                                "--colour",
                                "--name",
                                "a b",
                                "--process",
                                "x"),
                        Map.of()))
                .hasMessageContaining("Option --data (or STREAMFORGE_DATA) is required.")
                .hasMessageContaining("Option --registry (or STREAMFORGE_REGISTRY) is required.")
                .hasMessageContaining("Option --http-port must be a port from 0 to 65535, got '99999'.")
                .hasMessageContaining("Unknown option '--colour'. Known: --data")
                .hasMessageContaining("Option --name must be")
                .hasMessageContaining("Option --process must be");
    }

    @Test
    void refusesAnUnencryptedControlPlaneOnAnotherMachine() {
        assertThatThrownBy(() -> GatewayOptions.parse(with("--control-plane", "http://192.0.2.10:8080"), Map.of()))
                .hasMessageContaining(
                        "Option --control-plane must use https unless the control plane is on this machine, got 'http://192.0.2.10:8080'.");
    }

    @Test
    void allowsHttpOnTheLoopbackAndHttpsAnywhere() throws Exception {
        assertThat(GatewayOptions.parse(with("--control-plane", "http://127.0.0.1:8080"), Map.of())
                        .controlPlane())
                .isPresent();
        assertThat(GatewayOptions.parse(with("--control-plane", "https://192.0.2.10"), Map.of())
                        .controlPlane())
                .isPresent();
    }

    @Test
    void refusesAPlanFileBesideAControlPlane() {
        assertThatThrownBy(() -> GatewayOptions.parse(
                        with("--control-plane", "http://127.0.0.1:8080", "--plan", "p.json"), Map.of()))
                .hasMessageContaining("Options --plan and --control-plane exclude each other");
    }

    @Test
    void aFurtherProcessFollowsThePlanOfTheFirst() throws Exception {
        assertThat(GatewayOptions.parse(with("--process", "01", "--plan", "p.json"), Map.of())
                        .process())
                .isEqualTo("1");
        assertThatThrownBy(() -> GatewayOptions.parse(
                        with("--process", "1", "--control-plane", "http://127.0.0.1:8080"), Map.of()))
                .hasMessageContaining("Option --process 1 needs --plan: process 0 alone speaks with the control plane");
    }

    private static List<String> with(String... more) {
        List<String> all = new java.util.ArrayList<>(MINIMUM);
        all.addAll(List.of(more));
        return all;
    }
}
