package io.streamforge.it.bench.modbus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Topics;
import io.streamforge.modbus.peers.LibmodbusPeer;
import io.streamforge.model.ReadingView;
import io.streamforge.model.Schemas;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code ./streamforge bench modbus}: the CPU of a poll of 125 registers, from the wire to 125 records that the stream has acknowledged, beside clients
 * that only poll: com.digitalpetri.modbus, PLC4X's Modbus driver, libmodbus (C). All poll the same libmodbus server over as many connections at the
 * same fixed rate, in processes of their own that take turns. Then what a gateway's adapters read of 100 devices × 100 points as fast as a poll interval
 * may be, and of many points once a second.
 */
public final class ModbusBench {

    /** In one poll: the most that one request may ask for. */
    static final int REGISTERS = 125;

    private static final int DEVICES = 100;
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);
    /** What runs once per poll needs ten thousands of polls until the just-in-time compiler is done with it. */
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    /** In so many turns: a stop and a start undo some of what the compiler assumed while there was neither. */
    private static final int WARM_UP_TURNS = 4;
    /** Beside other work the compiler takes longer: so many turns at most until it is done with all variants. */
    private static final int MOST_WARM_UP_TURNS = 12;

    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final String RAW = "telemetry.raw";
    private static final List<String> VARIANTS = List.of("route", "client", "plc4x");

    private ModbusBench() {}

    /**
     * {@code [--json] [--forks N] [--rounds N] [--seconds N] [--points N]}: lifetimes of the processes (default 2), counted rounds in each (5), seconds
     * of a turn (8), points polled once a second (100000).
     */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--forks", "--rounds", "--seconds", "--points");
        int forks = arguments.number("--forks", 2);
        int rounds = arguments.number("--rounds", 5);
        Duration turn = Duration.ofSeconds(arguments.number("--seconds", 8));
        int points = arguments.number("--points", 100_000);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "modbus");
        try (LibmodbusPeer server = LibmodbusPeer.tcp()) {
            race(server, forks, rounds, turn, out, line);
            Load fast = load(server, 100, 100, SHORTEST_INTERVAL, turn.multipliedBy(2), out);
            fast.tell("fast", line);
            Load steady = load(server, 100, points / 100, Duration.ofSeconds(1), turn.multipliedBy(4), out);
            steady.tell("steady", line);
            line.put("steady_points", points);
        }
        if (arguments.json()) {
            out.println(line);
        }
        new Limits(line)
                .atLeast("ratio_client", 0.67)
                .atLeast("ratio_plc4x", 1.25)
                .check();
    }

    private static void race(
            LibmodbusPeer server, int forks, int rounds, Duration turn, PrintStream out, ObjectNode line)
            throws Exception {
        Map<String, List<Double>> cpu = new LinkedHashMap<>();
        Map<String, List<Double>> compiler = new LinkedHashMap<>();
        List<Double> broker = new ArrayList<>();
        for (int fork = 0; fork < forks; fork++) {
            try (BenchBroker stream = new BenchBroker();
                    LibmodbusPeer libmodbus = LibmodbusPeer.client(server.port(), REGISTERS)) {
                Topics.create(stream, List.of(RAW, "events.raw"));
                Map<String, Child> children = new LinkedHashMap<>();
                try {
                    for (String variant : VARIANTS) {
                        children.put(variant, child(variant, server, DEVICES, REGISTERS, SHORTEST_INTERVAL, stream));
                    }
                    warmUp(children.values(), stream);
                    List<String> order = new ArrayList<>(VARIANTS);
                    for (int round = 0; round < rounds; round++) {
                        Collections.rotate(order, 1);
                        for (String variant : order) {
                            Turn measured = turn(Objects.requireNonNull(children.get(variant)), stream, turn);
                            cpu.computeIfAbsent(variant, name -> new ArrayList<>())
                                    .add((double) measured.cpu / measured.polls);
                            compiler.computeIfAbsent(variant, name -> new ArrayList<>())
                                    .add((double) measured.compiler / measured.polls);
                            if (variant.equals("route")) {
                                requireAcknowledged(measured);
                                broker.add((double) measured.brokerCpu / measured.polls);
                            }
                        }
                        cpu.computeIfAbsent("libmodbus", name -> new ArrayList<>())
                                .add(inC(libmodbus, turn));
                    }
                } finally {
                    children.values().forEach(Child::close);
                }
            }
            out.printf("fork %d of %d%n", fork + 1, forks);
        }
        cpu.forEach((variant, each) ->
                out.printf("%-10s %8.1f us CPU per poll of %d%n", variant, Measurements.median(each) / 1e3, REGISTERS));
        List<Double> ours = cpu.getOrDefault("route", List.of());
        for (String theirs : List.of("client", "plc4x", "libmodbus")) {
            List<Double> ratios = new ArrayList<>();
            List<Double> each = cpu.getOrDefault(theirs, List.of());
            for (int round = 0; round < ours.size(); round++) {
                ratios.add(each.get(round) / ours.get(round));
            }
            line.put("ratio_" + theirs, Measurements.rounded(Measurements.median(ratios)));
        }
        cpu.forEach((variant, each) ->
                line.put("cpu_us_" + variant, Measurements.rounded(Measurements.median(each) / 1e3)));
        compiler.forEach((variant, each) ->
                line.put("compiler_us_" + variant, Measurements.rounded(Measurements.median(each) / 1e3)));
        line.put("broker_us_route", Measurements.rounded(Measurements.median(broker) / 1e3));
        line.put("registers", REGISTERS).put("rounds", forks * rounds);
    }

    private static void warmUp(Collection<Child> children, BenchBroker stream) throws Exception {
        boolean warm = false;
        for (int turn = 0; turn < WARM_UP_TURNS || !warm && turn < MOST_WARM_UP_TURNS; turn++) {
            warm = true;
            for (Child child : children) {
                Turn taken = turn(child, stream, WARM_UP.dividedBy(WARM_UP_TURNS));
                warm &= Child.warm(taken.cpu, taken.compiler);
            }
        }
    }

    /**
     * What one turn took.
     *
     * @param compiler what of the CPU was the just-in-time compiler's
     */
    private record Turn(
            long polls, long skipped, long cpu, long compiler, long brokerCpu, long records, Duration wall) {}

    private static Child child(
            String variant, LibmodbusPeer server, int devices, int registers, Duration interval, BenchBroker stream) {
        Child child = Child.java(
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                ModbusProcess.class.getName(),
                List.of(
                        variant,
                        Integer.toString(server.port()),
                        Integer.toString(devices),
                        Integer.toString(registers),
                        Long.toString(interval.toMillis()),
                        stream.bootstrap(),
                        stream.registry()));
        child.await("ready");
        return child;
    }

    private static Turn turn(Child child, BenchBroker stream, Duration length) throws Exception {
        child.ask("go");
        LockSupport.parkNanos(SETTLING.toNanos());
        long cpu = child.cpuNanos();
        long compiler = child.compilerNanos();
        long brokerCpu = stream.cpuNanos();
        long records = records(stream);
        String[] before = child.ask("polls").split(" ");
        long start = System.nanoTime();
        LockSupport.parkNanos(length.toNanos());
        String[] after = child.ask("polls").split(" ");
        Turn turn = new Turn(
                Long.parseLong(after[1]) - Long.parseLong(before[1]),
                Long.parseLong(after[2]) - Long.parseLong(before[2]),
                child.cpuNanos() - cpu,
                child.compilerNanos() - compiler,
                stream.cpuNanos() - brokerCpu,
                records(stream) - records,
                Duration.ofNanos(System.nanoTime() - start));
        child.ask("halt");
        return turn;
    }

    private static void requireAcknowledged(Turn turn) {
        double missing = 1 - turn.records / (double) (turn.polls * REGISTERS);
        if (Math.abs(missing) > 0.02) {
            throw new IllegalStateException("Of %d polls of %d registers the stream has %d records."
                    .formatted(turn.polls, REGISTERS, turn.records));
        }
    }

    /** CPU of a poll of the C client at the rate of the others together, nanoseconds. */
    private static double inC(LibmodbusPeer client, Duration length) {
        int perTick = DEVICES;
        long ticks = length.toMillis() / SHORTEST_INTERVAL.toMillis();
        long cpu = Child.cpuNanos(client.pid());
        long due = System.nanoTime();
        for (long tick = 0; tick < ticks; tick++) {
            client.poll(perTick);
            due += SHORTEST_INTERVAL.toNanos();
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return (Child.cpuNanos(client.pid()) - cpu) / (double) (ticks * perTick);
    }

    /** What the adapters of one process read and the stream took. */
    private record Load(
            int devices,
            int points,
            double recordsPerSecond,
            double cores,
            double brokerCores,
            long skipped,
            long p50,
            long p99) {

        void tell(String name, ObjectNode line) {
            line.put(name + "_points_per_s", Math.round(recordsPerSecond));
            line.put(name + "_cores", Measurements.rounded(cores));
            line.put(name + "_broker_cores", Measurements.rounded(brokerCores));
            line.put(name + "_skipped_polls", skipped);
            line.put(name + "_lag_p50_ms", p50);
            line.put(name + "_lag_p99_ms", p99);
        }
    }

    private static Load load(
            LibmodbusPeer server, int devices, int registers, Duration interval, Duration length, PrintStream out)
            throws Exception {
        try (BenchBroker stream = new BenchBroker()) {
            Topics.create(stream, List.of(RAW, "events.raw"), Map.of("message.timestamp.type", "LogAppendTime"));
            try (Child child = child("route", server, devices, registers, interval, stream)) {
                turn(child, stream, WARM_UP);
                Map<TopicPartition, Long> from = ends(stream);
                Turn measured = turn(child, stream, length);
                List<Long> lags = lags(stream, from);
                Load load = new Load(
                        devices,
                        registers,
                        measured.records * 1e9 / measured.wall.toNanos(),
                        (double) measured.cpu / measured.wall.toNanos(),
                        (double) measured.brokerCpu / measured.wall.toNanos(),
                        measured.skipped,
                        lags.get(lags.size() / 2),
                        lags.get((int) (lags.size() * 0.99)));
                out.printf(
                        "%d devices x %d points every %d ms: %.0f points/s in the stream, %.2f cores, broker %.2f, polls skipped %d, from the read to the stream %d ms (p50) %d ms (p99)%n",
                        devices,
                        registers,
                        interval.toMillis(),
                        load.recordsPerSecond,
                        load.cores,
                        load.brokerCores,
                        load.skipped,
                        load.p50,
                        load.p99);
                return load;
            }
        }
    }

    /** From the gateway's read to the broker's append, of what was written since, sorted, milliseconds. */
    private static List<Long> lags(BenchBroker stream, Map<TopicPartition, Long> from) throws IOException {
        int schema = new ConfluentSchemaRegistry(
                        List.of(URI.create(stream.registry())), Files.createTempFile("bench-schemas", ".json"))
                .idFor(RAW, Schemas.READING);
        ReadingView view = new ReadingView(schema);
        List<Long> lags = new ArrayList<>();
        Topics.read(stream, RAW, record -> {
            if (record.offset() >= from.getOrDefault(new TopicPartition(RAW, record.partition()), 0L)) {
                if (!view.wrap(record.value())) {
                    throw new IllegalStateException("A record of another schema is in " + RAW);
                }
                lags.add(record.timestamp() - view.gatewayTimeMicros() / 1000);
            }
        });
        Collections.sort(lags);
        return lags;
    }

    private static long records(BenchBroker stream) throws Exception {
        return ends(stream).values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<TopicPartition, Long> ends(BenchBroker stream) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            asked.put(new TopicPartition(RAW, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        stream.admin().listOffsets(asked).all().get().forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }
}
