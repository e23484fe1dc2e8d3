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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./streamforge bench opcua}: the CPU of a change of a node, from the wire to a record that the stream has acknowledged, beside a bare Milo client
 * that only counts. Both monitor the same 1,000 nodes of a node-opcua server, which change ten times a second, in processes of their own, at the same time.
 * A change is one that the server made: a client that is told of some twice has no more to show for it. What runs once per notification runs twice to ten
 * times a second: the processes compile after a hundredth of the usual number of calls, and are counted when their compilers are nearly done, as those of
 * a gateway are after its first hour, without the CPU of what these still do.
 */
public final class OpcUaBench {

    private static final int NODES = 1_000;
    private static final int CHANGE_EVERY_MS = 100;
    private static final List<String> VARIANTS = List.of("route", "milo");

    private static final Duration WARM_UP_STEP = Duration.ofSeconds(10);
    private static final int MOST_WARM_UPS = 4;

    /** The compilers of what runs twice a second have pauses longer than one step. */
    private static final int WARM_STEPS = 3;

    private static final String RAW = "telemetry.raw";

    private static final double FLOOR = 0.67;

    /** Of the changes of all rounds the stream has so many, or something was lost; those of one publishing interval are under way. */
    private static final double STORED = 0.99;

    private OpcUaBench() {}

    /**
     * {@code [--json] [--rounds N] [--seconds N] [--warm-up N] [--publishing-ms N]}: counted rounds (default 7), seconds of each (25), seconds before the first
     * (120), or up to four times as many where the compilers take longer, and the publishing interval of all (500, as the connector has it unless told otherwise).
     */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--rounds", "--seconds", "--warm-up", "--publishing-ms");
        int rounds = arguments.number("--rounds", 7);
        Duration length = Duration.ofSeconds(arguments.number("--seconds", 25));
        Duration warmUp = Duration.ofSeconds(arguments.number("--warm-up", 120));
        int publishing = arguments.number("--publishing-ms", 500);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Measurements measurements = new Measurements();
        Map<String, Double> delivered = new LinkedHashMap<>();
        boolean warm;
        String ticking =
                IntStream.range(0, NODES).mapToObj("\"V%d\""::formatted).collect(Collectors.joining(","));
        try (NodeOpcuaServer server = NodeOpcuaServer.start(
                        0,
                        "{\"many\":%d,\"tickEveryMs\":%d,\"tick\":[%s]}".formatted(NODES, CHANGE_EVERY_MS, ticking));
                BenchBroker stream = new BenchBroker()) {
            Topics.create(stream, List.of(RAW, "events.raw"));
            Map<String, Child> children = new LinkedHashMap<>();
            try {
                for (String variant : VARIANTS) {
                    children.put(variant, child(variant, server, publishing, stream));
                }
                warm = warmUp(children.values(), warmUp);
                out.println(
                        warm
                                ? "compilers are done"
                                : "compilers are not done: they will change what they have compiled");
                Map<String, Standing> first = standings(children, server, stream);
                for (int round = 1; round <= rounds; round++) {
                    round(children, server, stream, length, measurements);
                    out.printf("round %d of %d%n", round, rounds);
                }
                standings(children, server, stream)
                        .forEach((variant, last) -> delivered.put(variant, last.deliveredSince(first.get(variant))));
            } finally {
                children.values().forEach(Child::close);
            }
        }
        ObjectNode line = new ObjectMapper()
                .createObjectNode()
                .put("bench", "opcua")
                .put("publishing_ms", publishing)
                .put("compilers_done", warm);
        measurements.tell(VARIANTS, out, line);
        delivered.forEach((variant, share) -> line.put("delivered_" + variant, Measurements.rounded(share)));
        if (arguments.json()) {
            out.println(new ObjectMapper().writeValueAsString(line));
        }
        new Limits(line)
                .atLeast("ratio_milo", FLOOR)
                .atLeast("delivered_route", STORED)
                .check();
    }

    private static Child child(String variant, NodeOpcuaServer server, int publishing, BenchBroker stream) {
        Child child = Child.java(
                List.of(
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:CompileThresholdScaling=0.01",
                        "-XX:-UseDynamicNumberOfCompilerThreads"),
                System.getProperty("java.class.path"),
                OpcUaProcess.class.getName(),
                List.of(
                        variant,
                        server.url(),
                        Integer.toString(NODES),
                        Integer.toString(publishing),
                        stream.bootstrap(),
                        stream.registry()));
        child.await("ready");
        return child;
    }

    /** False if the compilers were still at work when the time for it was over: what is counted then will not be the last of what they make of it. */
    private static boolean warmUp(Collection<Child> children, Duration least) {
        LockSupport.parkNanos(least.toNanos());
        long end = System.nanoTime() + least.multipliedBy(MOST_WARM_UPS - 1).toNanos();
        int warm = 0;
        while (warm < WARM_STEPS && System.nanoTime() - end < 0) {
            Map<Child, Long> cpu = new LinkedHashMap<>();
            Map<Child, Long> compiler = new LinkedHashMap<>();
            for (Child child : children) {
                cpu.put(child, child.cpuNanos());
                compiler.put(child, child.compilerNanos());
            }
            LockSupport.parkNanos(WARM_UP_STEP.toNanos());
            boolean quiet = children.stream()
                    .allMatch(child -> Child.warm(
                            child.cpuNanos() - Objects.requireNonNull(cpu.get(child)),
                            child.compilerNanos() - Objects.requireNonNull(compiler.get(child))));
            warm = quiet ? warm + 1 : 0;
        }
        return warm == WARM_STEPS;
    }

    /**
     * How it stands with a process at one moment.
     *
     * @param changes that the server has made
     * @param delivered of them: what the stream has, or the bare client has counted
     * @param cpu nanoseconds, without the compilers' threads, which live as long as the process here
     */
    private record Standing(long changes, long delivered, long cpu, long brokerCpu, long time) {

        double deliveredSince(@Nullable Standing before) {
            Standing then = Objects.requireNonNull(before);
            return (double) (delivered - then.delivered) / (changes - then.changes);
        }
    }

    private static Map<String, Standing> standings(
            Map<String, Child> children, NodeOpcuaServer server, BenchBroker stream) throws Exception {
        Map<String, Standing> standings = new LinkedHashMap<>();
        for (Map.Entry<String, Child> child : children.entrySet()) {
            standings.put(
                    child.getKey(),
                    new Standing(
                            server.usage().ticks() * NODES,
                            delivered(child.getKey(), child.getValue(), stream),
                            child.getValue().cpuNanos() - child.getValue().compilerNanos(),
                            stream.cpuNanos(),
                            System.nanoTime()));
        }
        return standings;
    }

    private static void round(
            Map<String, Child> children,
            NodeOpcuaServer server,
            BenchBroker stream,
            Duration length,
            Measurements measurements)
            throws Exception {
        Map<String, Standing> before = standings(children, server, stream);
        LockSupport.parkNanos(length.toNanos());
        standings(children, server, stream).forEach((variant, now) -> {
            Standing then = Objects.requireNonNull(before.get(variant));
            measurements.add(
                    variant,
                    now.changes - then.changes,
                    now.cpu - then.cpu,
                    now.brokerCpu - then.brokerCpu,
                    now.time - then.time);
        });
    }

    /** What the stream has, or what the bare client has counted. */
    private static long delivered(String variant, Child child, BenchBroker stream) throws Exception {
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
