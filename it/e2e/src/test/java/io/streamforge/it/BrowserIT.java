package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.testing.FreePort;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A person with a browser: first run, approve the gateway, add an adapter with pasted points, activate, and see the value live. The gateway, its
 * stream, the device and the sink's database stand in a network that the control plane cannot reach into.
 */
class BrowserIT {

    private static final int PLANT_PORT = FreePort.next();
    private static final int SINK_PORT = FreePort.next();

    @Test
    void firstRunToALiveValueOfAGatewayThatNobodyCanReach(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (Stack stack = new Stack(directory)) {
            stack.postgres();
            stack.controlPlane();
            Namespace plant = stack.plantNetwork();
            Part broker = stack.broker();
            Part sink = stack.part(
                    "sink-database",
                    plant.command(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            PostgresProcess.class.getName(),
                            directory.resolve("sink-database").toString(),
                            Integer.toString(SINK_PORT))),
                    Map.of());
            try {
                await("the sink's database").atMost(Duration.ofMinutes(2)).until(() -> sink.log()
                        .contains("READY"));
                stack.part(
                        "plant",
                        plant.command(Part.java(
                                List.of("-Xmx64m"),
                                "demo",
                                "io.streamforge.demo.plant.Plant",
                                List.of("--port", Integer.toString(PLANT_PORT)))),
                        Map.of());
                String out = browse(stack, directory);
                assertThat(out).as("what the browser saw").contains("LIVE");
                assertUnreachable(stack.bootstrap());
                assertUnreachable("127.0.0.1:" + PLANT_PORT);
                assertUnreachable("127.0.0.1:" + SINK_PORT);
                assertThat(broker.isAlive()).isTrue();
            } finally {
                sink.stop();
            }
        }
    }

    private static void assertUnreachable(String address) {
        String[] parts = address.split(":");
        assertThatThrownBy(() -> new Socket(parts[0], Integer.parseInt(parts[1])).close())
                .as("from where the control plane stands, %s", address)
                .isInstanceOf(IOException.class);
    }

    /** Runs the browser's script; it asks for the gateway with the enrolment token it was shown, and gives the fingerprint back that the gateway printed. */
    private static String browse(Stack stack, Path directory) throws Exception {
        Path screenshots = Files.createDirectories(Path.of("target", "screenshots"));
        Process browser = new ProcessBuilder(
                        "node",
                        Path.of(BrowserIT.class
                                        .getResource("/browser/first-run.mjs")
                                        .toURI())
                                .toString(),
                        stack.controlPlaneUrl(),
                        screenshots.toAbsolutePath().toString(),
                        Integer.toString(PLANT_PORT),
                        Integer.toString(SINK_PORT))
                .redirectError(directory.resolve("browser.log").toFile())
                .start();
        StringBuilder out = new StringBuilder();
        try (var lines = browser.inputReader();
                var answers = browser.outputWriter()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.append(line).append('\n');
                if (line.startsWith("TOKEN ")) {
                    Part gateway = stack.gatewayWithToken(line.substring("TOKEN ".length()));
                    Pattern printed = Pattern.compile("\\b((?:[0-9a-f]{2}:){15}[0-9a-f]{2})\\b");
                    await("the gateway's fingerprint")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> printed.matcher(gateway.log()).find());
                    Matcher matcher = printed.matcher(gateway.log());
                    assertThat(matcher.find()).isTrue();
                    answers.write(matcher.group(1) + "\n");
                    answers.flush();
                }
            }
        }
        assertThat(browser.waitFor(30, TimeUnit.SECONDS)).isTrue();
        // On one line: of a failure's text, a build's summary shows the first.
        assertThat(browser.exitValue())
                .as((Files.readString(directory.resolve("browser.log")) + out).replace('\n', ' '))
                .isZero();
        return out.toString();
    }
}
