package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole demo, started as a person starts it, on ports of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final List<String> PARTS = List.of("postgres", "broker", "plant", "control-plane", "gateway");

    private final Path data;
    private final Path output;
    private final List<String> ports;
    private final List<Process> started = new ArrayList<>();

    DemoIT(@TempDir Path temporary) {
        data = temporary.resolve("data");
        output = temporary.resolve("output");
        int base = freePorts(10);
        ports = List.of(
                "--port=" + base,
                "--gateway-port=" + (base + 1),
                "--broker-port=" + (base + 2),
                "--registry-port=" + (base + 4),
                "--postgres-port=" + (base + 5),
                "--plant-port=" + (base + 6));
    }

    @BeforeAll
    void start() throws IOException {
        startDemo();
    }

    @AfterAll
    void end() throws Exception {
        run(List.of("stop", "--data", data.toString()));
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void showsEveryPartUp() {
        // whoever was killed before may still be missed by another
        await().atMost(PATIENCE).untilAsserted(() -> {
            Result status = run(List.of("status", "--json", "--data", data.toString()));
            assertThat(status.exit).as(status.text).isZero();
            JsonNode shown = new ObjectMapper().readTree(status.text);
            assertThat(shown.path("ready").asBoolean()).isTrue();
            assertThat(shown.path("parts"))
                    .extracting(part -> part.path("name").asText())
                    .containsExactlyElementsOf(PARTS);
            assertThat(shown.path("parts"))
                    .allSatisfy(part -> assertThat(part.path("health").asText()).isEqualTo("UP"));
        });
    }

    @Test
    void aSecondOneSaysThatOneIsRunningAndWhere() throws Exception {
        Result second = run(demo(data));
        assertThat(second.exit).isEqualTo(1);
        assertThat(second.text)
                .contains(
                        "A demo is already running (pid " + state().supervisor().pid() + "): " + state().url());
        List<String> clean = new ArrayList<>(demo(data));
        clean.add("--clean");
        assertThat(run(clean).text).contains("--clean needs it to be stopped first");
    }

    @Test
    void namesAllTakenPortsAtOnce(@TempDir Path other) throws Exception {
        Result second = run(demo(other));
        assertThat(second.exit).isEqualTo(1);
        assertThat(second.text.lines().filter(line -> line.contains("is taken;")))
                .hasSize(10);
    }

    @Test
    void everyPartComesBackAfterAKill() {
        for (String name : PARTS) {
            DemoState.Part before = part(name);
            before.process().process().orElseThrow().destroyForcibly();
            await(name)
                    .atMost(PATIENCE)
                    .until(() -> part(name).process().pid() != before.process().pid()
                            && Probe.health(part(name)).equals("UP"));
            assertThat(part(name).restarts()).isEqualTo(before.restarts() + 1);
        }
    }

    @Test
    void endsTheGatewayFirstLeavesNothingBehindAndStartsAgainWithTheSamePassword() throws Exception {
        String password = password();
        List<DemoState.Started> processes =
                state().parts().stream().map(DemoState.Part::process).toList();
        Process demo = started.get(started.size() - 1);
        demo.destroy();
        assertThat(demo.onExit().get().isAlive()).isFalse();
        assertThat(processes)
                .allSatisfy(process -> assertThat(process.process()).isEmpty());
        assertThat(Files.readString(output))
                .containsSubsequence("Stopping", "gateway", "control-plane", "plant", "broker", "postgres");
        assertThat(run(List.of("status", "--data", data.toString())).exit).isEqualTo(3);
        startDemo();
        assertThat(password()).isEqualTo(password);
    }

    private void startDemo() throws IOException {
        Files.deleteIfExists(output);
        Process demo = builder(demo(data)).redirectOutput(output.toFile()).start();
        started.add(demo);
        await().atMost(PATIENCE)
                .until(() -> !demo.isAlive()
                        || Files.exists(output) && Files.readString(output).contains("Ctrl-C ends it."));
        if (!demo.isAlive()) {
            throw new IllegalStateException("The demo ended: " + Files.readString(output));
        }
    }

    private String password() throws IOException {
        return Files.readString(output)
                .lines()
                .filter(line -> line.contains("Password"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> demo(Path folder) {
        List<String> arguments = new ArrayList<>(List.of("demo", "--data", folder.toString()));
        arguments.addAll(ports);
        return arguments;
    }

    private DemoState state() {
        return DemoState.read(new DataFolder(data)).orElseThrow();
    }

    private DemoState.Part part(String name) {
        return state().parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private record Result(int exit, String text) {}

    private static Result run(List<String> arguments) throws IOException, InterruptedException {
        Process process = builder(arguments).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), text);
    }

    private static ProcessBuilder builder(List<String> arguments) {
        Path home = Path.of("..").toAbsolutePath().normalize();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-Dstreamforge.home=" + home));
        command.addAll(List.of("-cp", home.resolve("demo/target/dist/lib") + "/*", Demo.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static int freePorts(int count) {
        while (true) {
            int base = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (free(base, count)) {
                return base;
            }
        }
    }

    private static boolean free(int base, int count) {
        for (int port = base; port < base + count; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
