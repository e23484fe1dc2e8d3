package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.testing.FreePort;
import io.streamforge.model.Aggregate;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of one gateway share the stages' partitions and take them over from each other, with what is known of their series: one comes, and each is
 * killed once under load.
 */
class ScaleOutIT {

    private static final Duration LONG = Duration.ofSeconds(120);

    @Test
    void aSecondProcessTakesItsShareAndNothingIsLostOrDoubledWhenItComesAndDies(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory)) {
            stack.broker();
            // The adapter has no device: what counts is which process runs it.
            Path plan = stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus("press-07", FreePort.next(), 500, """
                                    [{"name":"temperature","area":"holding","address":40001,"type":"int16"}]""")
                            .validate("""
                                    [{"asset":"asset-*","parameter":"*","range":{"min":0},"rate":{"maxPerSecond":0.001}}]""")
                            .aggregate("1s", "telemetry.clean", 1000)
                            .json());
            Part first = stack.gatewayWithPlan(plan);
            Stack.awaitReady(stack.gatewayUrl());
            Writer writer = stack.with(new Writer(stack.bootstrap(), stack.registry(), directory))
                    .start();
            grows(writer, "with one process");

            Stack.Second second = stack.secondProcess();
            Stack.awaitReady(second.url());
            await("the second process to do a part of the work").atMost(LONG).until(() -> works(second.url()));
            assertThat(routes(second.url())).containsExactlyInAnyOrder("validate.telemetry", "aggregate.1s");
            assertThat(routes(stack.gatewayUrl())).contains("adapter.press-07");
            grows(writer, "with two processes");

            second.part().kill();
            grows(writer, "while the second process is dead");
            await("the first process to have caught up alone").atMost(LONG).until(() -> hasCaughtUp(stack, writer));

            second.part().start();
            Stack.awaitReady(second.url());
            await("the second process to work again").atMost(LONG).until(() -> works(second.url()));
            grows(writer, "with two processes again");

            first.kill();
            grows(writer, "while the first process is dead");
            await("the second process to have caught up alone").atMost(LONG).until(() -> hasCaughtUp(stack, writer));
            first.start();
            Stack.awaitReady(stack.gatewayUrl());
            await("the first process to work again").atMost(LONG).until(() -> works(stack.gatewayUrl()));
            grows(writer, "with both again");
            Set<String> acknowledged = writer.finish();

            await("everything to be clean")
                    .atMost(LONG)
                    .until(() -> clean(stack).size() >= acknowledged.size());
            Map<String, Integer> counts = new HashMap<>();
            Map<String, Long> last = new HashMap<>();
            for (Reading reading : clean(stack)) {
                counts.merge(reading.assetId() + "/" + reading.sequence(), 1, Integer::sum);
                Long before = last.put(reading.assetId(), reading.sequence());
                assertThat(reading.sequence()).isGreaterThan(before == null ? -1 : before);
                // Each number is another than the one before: whoever took a series over has known that.
                assertThat(reading.quality()).isEqualTo(reading.sequence() == 0 ? Quality.GOOD : Quality.SUSPECT);
            }
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(counts.keySet());
            assertThat(lost).as("lost").isEmpty();
            assertThat(counts.entrySet().stream().filter(entry -> entry.getValue() > 1))
                    .as("doubled")
                    .isEmpty();

            // The truth: the same stage over the same topic, undisturbed, in a gateway of its own.
            stack.topic("telemetry.check", 12);
            stack.gatewayBeside(stack.write(
                    "check.json",
                    new Plan(1).aggregate("check", "telemetry.clean", 1000).json()));
            await("the windows to be those of an undisturbed run")
                    .atMost(LONG)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        Map<String, Aggregate> undisturbed = stack.stream().windows("telemetry.check");
                        assertThat(contributions(undisturbed)).isEqualTo(acknowledged.size());
                        assertThat(withoutOrigin(stack.stream().windows("telemetry.1s")))
                                .isEqualTo(withoutOrigin(undisturbed));
                    });
        }
    }

    private static boolean hasCaughtUp(Stack stack, Writer writer) {
        int written = writer.count();
        return clean(stack).size() > written - 2000;
    }

    private static List<Reading> clean(Stack stack) {
        // The adapter's gap marker is no load.
        return stack.stream().readings("telemetry.clean").stream()
                .filter(reading -> reading.assetId().startsWith("asset-"))
                .toList();
    }

    private static long contributions(Map<String, Aggregate> windows) {
        return windows.values().stream()
                .mapToLong(window -> window.quality().good() + window.quality().suspect())
                .sum();
    }

    private record Window(
            Instant start,
            Aggregate.@Nullable Statistics statistics,
            Aggregate.QualitySummary quality,
            long revision) {}

    /** What must be the same to the last bit. */
    private static Map<String, Window> withoutOrigin(Map<String, Aggregate> windows) {
        Map<String, Window> plain = new TreeMap<>();
        windows.forEach((key, window) -> plain.put(
                key, new Window(window.windowStart(), window.statistics(), window.quality(), window.revision())));
        return plain;
    }

    private static Set<String> routes(String url) {
        Set<String> ids = new HashSet<>();
        health(url)
                .path("routes")
                .forEach(route -> ids.add(route.path("routeId").asText()));
        return ids;
    }

    private static boolean works(String url) {
        for (JsonNode route : health(url).path("routes")) {
            boolean stage = !route.path("routeId").asText().startsWith("adapter.");
            if (stage && route.path("inPerS").asDouble() == 0) {
                return false;
            }
        }
        return !health(url).path("routes").isEmpty();
    }

    private static JsonNode health(String url) {
        return Plan.parse(Stack.get(url + "/health"));
    }

    private static void grows(Writer writer, String when) {
        int start = writer.count();
        await("the load going on " + when).atMost(Duration.ofSeconds(60)).until(() -> writer.count() > start + 4000);
    }
}
