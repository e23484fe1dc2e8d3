package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.streamforge.modbus.peers.PymodbusServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./streamforge ledger} beside load, kills, refusals and device failures; and a reading taken away by hand, which it names. */
class LedgerIT {

    private static final Duration LONG = Duration.ofSeconds(120);
    private static final String POINTS = """
            [{"name":"good","area":"holding","address":40001,"type":"int16"},
             {"name":"illegal","area":"holding","address":40101,"type":"int16"}]""";
    private static final String RULES = """
            [{"asset":"asset-3","parameter":"*","range":{"min":0,"max":100}},
             {"asset":"twin","parameter":"*","duplicates":{}}]""";

    private record Answer(int exitCode, List<String> lines, JsonNode json) {}

    @Test
    void theSumsHoldUnderLoadAndKillsAndWhatIsTakenAwayIsNamed(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.holding(0, 7);
            stack.broker();
            Postgres postgres = stack.postgres();
            Part gateway = stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus("press", device.port(), 100, 1000, POINTS)
                            .validate(RULES)
                            .aggregate("1s", "telemetry.clean", 1000)
                            .postgresSink("plant", postgres.port(), "[\"telemetry.clean\"]")
                            .ledger()
                            .json()));
            Stack.awaitReady(stack.gatewayUrl());
            Writer writer = stack.with(new Writer(stack.bootstrap(), stack.registry(), directory))
                    .first();
            await("the sink's table").atMost(LONG).until(() -> rows(postgres, "TRUE") > 1);
            postgres.execute("plant", "ALTER TABLE telemetry ADD CHECK (NOT (asset_id = 'asset-5' AND value = 150))");
            writer.start();
            writer.rubbish();

            for (int round = 0; round < 2; round++) {
                moves(postgres);
                assertBalanced(prove(stack), "while everything moves");
                writer.twins();
                gateway.kill();
                moves(writer);
                gateway.start();
                device.mode(PymodbusServer.Mode.SILENT);
                moves(postgres);
                device.mode(PymodbusServer.Mode.NORMAL);
            }
            Set<String> acknowledged = writer.finish();
            writer.repeat();
            await("everything to be judged and delivered").atMost(LONG).untilAsserted(() -> {
                JsonNode adapter = adapter(prove(stack).json, "writer");
                assertThat(adapter.path("read").asLong()).isEqualTo(acknowledged.size() + 1);
            });

            Answer proved = prove(stack);
            assertBalanced(proved, "at the end");
            JsonNode written = adapter(proved.json, "writer");
            assertThat(written.path("repeated").asLong()).isEqualTo(1);
            assertThat(written.path("dead").asLong()).isPositive();
            assertThat(written.path("duplicateDropped").asLong()).isEqualTo(2);
            JsonNode read = adapter(proved.json, "press");
            assertThat(read.path("synthetic").asLong())
                    .as("one gap marker when a series turns bad, not one for each refused reading")
                    .isBetween(1L, read.path("dead").asLong());
            JsonNode unreadable = adapter(proved.json, "");
            assertThat(unreadable.path("read").asLong()).isEqualTo(1);
            assertThat(unreadable.path("dead").asLong()).isEqualTo(1);
            // Its failure is the last reading, then all stands still.
            device.mode(PymodbusServer.Mode.SILENT);
            await("the sink to hold what was in its scope").atMost(LONG).untilAsserted(() -> {
                JsonNode sink = sink(prove(stack).json);
                assertThat(sink.path("pending").asLong()).isZero();
                assertThat(sink.path("dead").asLong()).isEqualTo(1);
                assertThat(rows(postgres, "TRUE"))
                        .isEqualTo(sink.path("delivered").asLong());
            });

            assertThat(prove(stack, "--from", "2100-01-01T00:00:00Z").json.path("adapters"))
                    .as("nothing was read in 2100, and rubbish has no time")
                    .isEmpty();
            assertThat(prove(stack, "--to", "2020-01-01T00:00:00Z").json.path("adapters"))
                    .as("nothing but rubbish was read before 2020")
                    .hasSize(1);
            stack.write(
                    "demo.json",
                    "{\"stream\":{\"bootstrap\":\"%s\",\"registry\":\"%s\"}}"
                            .formatted(stack.bootstrap(), stack.registry()));
            assertBalanced(
                    run(List.of(
                            Part.home().resolve("streamforge").toString(),
                            "ledger",
                            "--json",
                            "--data",
                            directory.toString())),
                    "by the demo's addresses");

            long missing = writer.leaveOneOut();
            await("the gap in the gateway's health")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(Stack.get(stack.gatewayUrl() + "/health"))
                            .contains("Adapter 'writer', epoch 1, asset 'asset-0': sequence %d is missing"
                                    .formatted(missing)));
            assertThat(Stack.get(stack.gatewayUrl() + "/metrics"))
                    .contains("streamforge_sequence_gaps_total 1.0")
                    .contains("streamforge_ledger_records_total{adapter=\"writer\",kind=\"sequence_gap\"} 1.0");
            await("the gap in the ledger").atMost(LONG).untilAsserted(() -> assertThat(
                            prove(stack).json.path("gaps"))
                    .hasSize(1));
            Answer gap = prove(stack);
            assertThat(gap.exitCode).isEqualTo(1);
            assertThat(gap.json.path("balanced").asBoolean()).isFalse();
            assertThat(gap.json.path("unbalanced")).isEmpty();
            assertThat(gap.json.path("gaps")).hasSize(1);
            assertThat(gap.json.at("/gaps/0/asset").asText()).isEqualTo("asset-0");
            assertThat(gap.json.at("/gaps/0/first").asLong()).isEqualTo(missing);
            assertThat(gap.json.at("/gaps/0/last").asLong()).isEqualTo(missing);
            assertThat(adapter(gap.json, "press").path("failedPolls").asLong())
                    .as("polls of the silent device")
                    .isPositive();
            assertThat(Stack.get(stack.gatewayUrl() + "/metrics"))
                    .contains("streamforge_delivered_records_total{sink=\"sink.plant\",topic=\"telemetry.clean\"}")
                    .contains("streamforge_ledger_records_total{adapter=\"press\",kind=\"poll_failed\"}");

            whatTheSinkDidNotWriteIsNamed(stack, gateway, postgres, writer);
        }
    }

    /** What of one partition the sink has not taken yet. */
    private record Waiting(TopicPartition partition, long position, long end) {
        long count() {
            return end - position;
        }
    }

    /** The database is away, so records wait; then some are deleted unread, and for others the position is moved past them without a write. */
    private static void whatTheSinkDidNotWriteIsNamed(Stack stack, Part gateway, Postgres postgres, Writer writer)
            throws Exception {
        await("the sink to be through")
                .atMost(LONG)
                .until(() -> sink(prove(stack).json).path("pending").asLong() == 0);
        postgres.kill();
        writer.more(5);
        await("records to wait for the sink").atMost(LONG).untilAsserted(() -> assertThat(
                        sink(prove(stack).json).path("pending").asLong())
                .isEqualTo(5L * Writer.ASSETS));
        gateway.stop();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrap()))) {
            Waiting most = new Waiting(new TopicPartition("", 0), 0, 0);
            for (var committed : admin.listConsumerGroupOffsets("sink.plant")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()) {
                TopicPartition id = committed.getKey();
                if (id.topic().equals("telemetry.clean")) {
                    Waiting here = new Waiting(
                            id,
                            committed.getValue().offset(),
                            admin.listOffsets(Map.of(id, OffsetSpec.latest()))
                                    .partitionResult(id)
                                    .get()
                                    .offset());
                    most = here.count() > most.count() ? here : most;
                }
            }
            admin.deleteRecords(Map.of(most.partition, RecordsToDelete.beforeOffset(most.position + 2)))
                    .all()
                    .get();
            JsonNode evicted = sink(prove(stack).json);
            assertThat(evicted.path("evicted").asLong()).isEqualTo(2);
            assertThat(evicted.path("missing").asLong()).isZero();

            admin.alterConsumerGroupOffsets("sink.plant", Map.of(most.partition, new OffsetAndMetadata(most.end)))
                    .all()
                    .get();
        }
        Answer moved = prove(stack);
        assertThat(moved.exitCode).isEqualTo(1);
        JsonNode sink = sink(moved.json);
        assertThat(sink.path("sink").asText()).isEqualTo("sink.plant");
        assertThat(sink.path("missing").asLong())
                .as("records that the position passed and that nobody wrote: %s", sink)
                .isPositive();
        assertThat(run(List.of(
                                Part.home().resolve("streamforge").toString(),
                                "ledger",
                                "--bootstrap",
                                stack.bootstrap(),
                                "--registry",
                                stack.registry()))
                        .lines())
                .anyMatch(line -> line.startsWith("Not balanced: sink.plant, telemetry.clean: ")
                        && line.endsWith(" were neither delivered nor refused."));
        whatIsWrittenAgainIsNamed(stack, gateway);
    }

    /** Two readings are judged again, as after a crash between the results and their offsets where a deployment chose at-least-once. */
    private static void whatIsWrittenAgainIsNamed(Stack stack, Part gateway) throws Exception {
        assertThat(repeated(prove(stack))).isZero();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrap()))) {
            var last = admin
                    .listConsumerGroupOffsets("validate.telemetry")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(position -> position.getKey().topic().equals("telemetry.raw"))
                    .max(Comparator.comparingLong(
                            position -> position.getValue().offset()))
                    .orElseThrow();
            admin.alterConsumerGroupOffsets(
                            "validate.telemetry",
                            Map.of(
                                    last.getKey(),
                                    new OffsetAndMetadata(last.getValue().offset() - 2)))
                    .all()
                    .get();
        }
        gateway.start();
        await("the readings to be judged again").atMost(LONG).untilAsserted(() -> assertThat(repeated(prove(stack)))
                .isEqualTo(2));
    }

    /** How many more came out than went in, in the minutes with that verdict. */
    private static long repeated(Answer answer) {
        long sum = 0;
        for (JsonNode cell : answer.json.path("unbalanced")) {
            if (cell.path("verdict").asText().equals("repeated: at-least-once")) {
                sum -= cell.path("missing").asLong();
            }
        }
        return sum;
    }

    private static void assertBalanced(Answer answer, String when) {
        assertThat(answer.json.path("balanced").asBoolean())
                .as("%s: %s", when, answer.json)
                .isTrue();
        assertThat(answer.exitCode).isZero();
    }

    private static JsonNode adapter(JsonNode answer, String id) {
        for (JsonNode adapter : answer.path("adapters")) {
            if (adapter.path("adapter").asText("").equals(id)
                    || (id.isEmpty() && adapter.path("adapter").isNull())) {
                return adapter;
            }
        }
        throw new AssertionError("No adapter '%s' in %s".formatted(id, answer));
    }

    private static JsonNode sink(JsonNode answer) {
        for (JsonNode sink : answer.path("sinks")) {
            if (sink.path("topic").asText().equals("telemetry.clean")) {
                return sink;
            }
        }
        throw new AssertionError("No sink of telemetry.clean in " + answer);
    }

    private static Answer prove(Stack stack, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Part.home().resolve("streamforge").toString(),
                "ledger",
                "--json",
                "--bootstrap",
                stack.bootstrap(),
                "--registry",
                stack.registry()));
        command.addAll(List.of(more));
        return run(command);
    }

    private static Answer run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        int exitCode = process.waitFor();
        assertThat(lines)
                .as("output of ./streamforge ledger, exit code %d", exitCode)
                .isNotEmpty();
        String last = lines.get(lines.size() - 1);
        return new Answer(exitCode, lines, command.contains("--json") ? Plan.parse(last) : NullNode.getInstance());
    }

    private static long rows(Postgres postgres, String where) {
        return postgres.number("plant", "SELECT count(*) FROM telemetry WHERE " + where);
    }

    /** Waits until new rows have come in. */
    private static void moves(Postgres postgres) {
        long start = Math.max(0, rows(postgres, "TRUE"));
        await("rows arriving").atMost(LONG).until(() -> rows(postgres, "TRUE") > start + 2000);
    }

    private static void moves(Writer writer) {
        int start = writer.count();
        await("the load going on").atMost(LONG).until(() -> writer.count() > start + 1000);
    }
}
