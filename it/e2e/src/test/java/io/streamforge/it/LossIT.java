package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.mqtt.peers.Mosquitto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a source cannot hold back while the stream stands still is lost, and the ledger names it to the message. */
class LossIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int SENT = 4000;
    private static final String LOST =
            "streamforge_source_losses_total{adapter=\"line-1\",reason=\"qos0_stream_slow\"} ";
    private static final String POINTS =
            "[{\"name\":\"{parameter}\",\"topic\":\"plant/{asset}/{parameter}\",\"type\":\"integer\"}]";

    @Test
    void messagesOfQos0ThatTheStreamWasTooSlowForAreInTheLedger(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                Mosquitto mosquitto = new Mosquitto(directory.resolve("mosquitto"))) {
            Part stream = stack.broker();
            Part gateway = stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .mqtt("line-1", mosquitto.port(), POINTS)
                            .validate("[]")
                            .ledger()
                            .json()));
            Stack.awaitReady(stack.gatewayUrl());
            await("the subscription").atMost(LONG).until(() -> {
                mosquitto.publish("plant/press-07/speed", "0", "-q", "0");
                return received(stack) > 0;
            });
            await("the stream to have it").atMost(LONG).untilAsserted(() -> assertThat(read(stack))
                    .isPositive());

            stream.freeze();
            mosquitto.publishAll(
                    "plant/press-07/speed",
                    IntStream.range(0, SENT).mapToObj(Integer::toString).toList(),
                    "-q",
                    "0");
            await("the gateway to have no room left while the stream stands still")
                    .atMost(LONG)
                    .until(() -> metric(stack, "streamforge_polls_skipped_total") > 0);
            stream.thaw();

            await("each message to be in the stream or in the ledger")
                    .atMost(LONG)
                    .untilAsserted(() -> {
                        JsonNode ledger = prove(stack);
                        JsonNode line = line(ledger);
                        long lost = line.at("/losses/QOS0_STREAM_SLOW").asLong();
                        assertThat(lost)
                                .isPositive()
                                .isEqualTo(line.path("lostBeforeStream").asLong());
                        assertThat(line.path("read").asLong() + lost)
                                .isGreaterThan(SENT)
                                .isEqualTo(received(stack));
                        assertThat(line.path("missing").asLong()).isZero();
                        assertThat(ledger.path("balanced").asBoolean()).isTrue();
                        assertThat(Stack.get(stack.gatewayUrl() + "/metrics")).contains(LOST + (double) lost);
                    });
            long named = line(prove(stack)).path("lostBeforeStream").asLong();
            gateway.kill();
            assertThat(line(prove(stack)).path("lostBeforeStream").asLong())
                    .as("what was entered outlives the gateway")
                    .isEqualTo(named);
            assertThat(run(stack))
                    .anyMatch(text ->
                            text.equals("line-1: lost before the stream: %d messages (QoS 0, the stream was slow)."
                                    .formatted(named)));
        }
    }

    private static long received(Stack stack) {
        return metric(stack, "streamforge_polls_total");
    }

    private static long metric(Stack stack, String name) {
        return Pattern.compile(name + "\\{route=\"adapter.line-1\"} (\\d+)")
                .matcher(Stack.get(stack.gatewayUrl() + "/metrics"))
                .results()
                .map(MatchResult::group)
                .map(text -> text.substring(text.lastIndexOf(' ') + 1))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static long read(Stack stack) throws IOException, InterruptedException {
        return line(prove(stack)).path("read").asLong();
    }

    private static JsonNode line(JsonNode ledger) {
        return ledger.at("/adapters/0");
    }

    private static JsonNode prove(Stack stack) throws IOException, InterruptedException {
        List<String> lines = run(stack, "--json");
        assertThat(lines).isNotEmpty();
        return Plan.parse(lines.get(lines.size() - 1));
    }

    private static List<String> run(Stack stack, String... more) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Part.home().resolve("streamforge").toString(),
                                        "ledger",
                                        "--bootstrap",
                                        stack.bootstrap(),
                                        "--registry",
                                        stack.registry()),
                                Stream.of(more))
                        .toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        process.waitFor();
        return lines;
    }
}
