package io.streamforge.it.bench.opcua;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Topics;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code ./streamforge bench opcua}: the CPU of a change of a node, from the wire to a record that the stream has acknowledged, beside a bare Milo client
 * that only counts. Both monitor the same 1,000 nodes of a node-opcua server, which change ten times a second, in processes of their own that take turns.
 */
public final class OpcUaBench {

    private static final int NODES = 1_000;
    private static final int CHANGE_EVERY_MS = 100;
    /** What runs once per notification runs ten times a second: the just-in-time compiler takes its time. */
    private static final Duration WARM_UP = Duration.ofSeconds(45);

    private static final String RAW = "telemetry.raw";
    private static final double FLOOR = 0.67;

    private OpcUaBench() {}

    /** {@code [--json] [--rounds N] [--seconds N]}: turns of each variant (default 3), seconds of a turn after its warm-up (12). */
    public static void main(String[] options) throws Exception {
        Arguments arguments = new Arguments(List.of(options));
        int rounds = arguments.number("--rounds", 3);
        Duration turn = Duration.ofSeconds(arguments.number("--seconds", 12));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Measurements measurements = new Measurements();
        String ticking =
                IntStream.range(0, NODES).mapToObj("\"V%d\""::formatted).collect(Collectors.joining(","));
        try (NodeOpcuaServer server = NodeOpcuaServer.start(
                        0,
                        "{\"many\":%d,\"tickEveryMs\":%d,\"tick\":[%s]}".formatted(NODES, CHANGE_EVERY_MS, ticking));
                BenchBroker stream = new BenchBroker()) {
            Topics.create(stream, List.of(RAW, "events.raw"));
            for (int round = 1; round <= rounds; round++) {
                for (String variant : round % 2 == 0 ? List.of("milo", "route") : List.of("route", "milo")) {
                    turn(variant, server, stream, turn, measurements);
                }
                out.printf("round %d of %d%n", round, rounds);
            }
        }
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "opcua");
        measurements.tell(List.of("route", "milo"), out, line);
        if (arguments.json()) {
            out.println(new ObjectMapper().writeValueAsString(line));
        }
        new Limits(line).atLeast("ratio_milo", FLOOR).check();
    }

    private static void turn(
            String variant, NodeOpcuaServer server, BenchBroker stream, Duration length, Measurements measurements)
            throws Exception {
        try (Child child = Child.java(
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                OpcUaProcess.class.getName(),
                List.of(variant, server.url(), Integer.toString(NODES), stream.bootstrap(), stream.registry()))) {
            child.await("ready");
            LockSupport.parkNanos(WARM_UP.toNanos());
            long changes = changes(variant, child, stream);
            long cpu = child.cpuNanos();
            long brokerCpu = stream.cpuNanos();
            long start = System.nanoTime();
            LockSupport.parkNanos(length.toNanos());
            long counted = changes(variant, child, stream) - changes;
            long wall = System.nanoTime() - start;
            measurements.add(variant, counted, child.cpuNanos() - cpu, stream.cpuNanos() - brokerCpu, wall);
        }
    }

    /** What the stream has of the route, and what the bare client has counted. */
    private static long changes(String variant, Child child, BenchBroker stream) throws Exception {
        if (variant.equals("milo")) {
            return Long.parseLong(child.ask("changes"));
        }
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            asked.put(new TopicPartition(RAW, partition), OffsetSpec.latest());
        }
        return stream.admin().listOffsets(asked).all().get().values().stream()
                .mapToLong(info -> info.offset())
                .sum();
    }
}
