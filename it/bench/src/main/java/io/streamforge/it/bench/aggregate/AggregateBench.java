package io.streamforge.it.bench.aggregate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Entrant;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Race;
import io.streamforge.it.bench.Topics;
import io.streamforge.model.AggregateView;
import io.streamforge.model.Schemas;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./streamforge bench aggregate}: the shipped aggregate route at 1 s against a hand-written window hash with the same codec and against
 * Kafka Streams' in-memory windows. All deliver exactly once with a commit every 100 ms; they take turns in one run on the same records, each in
 * a JVM of its own with the same options, and are compared by the CPU of that process per record read. The run fails if the windows differ.
 */
public final class AggregateBench {

    /** As the shipped template has it. */
    static final int MAX_POLL_RECORDS = 5000;

    private static final List<String> VARIANTS = List.of("route", "hand", "streams");
    private static final List<String> JVM_OPTIONS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
    private static final double SAME_SPREAD = 1e-9;
    /** Allowed lateness and one window. */
    private static final double WAITING_MICROS = 3e6;

    private static final int START = 0;
    private static final int COUNT = 1;

    private AggregateBench() {}

    static String clean(String variant) {
        return variant.equals("route") ? "telemetry.clean" : "clean." + variant;
    }

    static String windows(String variant) {
        return variant.equals("route") ? "telemetry.1s" : "windows." + variant;
    }

    static String group(String variant) {
        return variant.equals("route") ? "aggregate.1s" : "bench-" + variant;
    }

    /**
     * {@code [--json] [--records N] [--rounds N] [--forks N]}: N records per variant and round (default 3000000), N counted rounds (default 3) after
     * a warm-up, in N lifetimes of the processes (default 3).
     */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--records", "--rounds", "--forks");
        int records = arguments.number("--records", 3_000_000);
        int rounds = arguments.number("--rounds", 3);
        int forks = arguments.number("--forks", 3);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (BenchBroker broker = new BenchBroker()) {
            Topics.create(
                    broker,
                    Stream.concat(
                                    Stream.of("dlq.telemetry"),
                                    VARIANTS.stream().flatMap(variant -> Stream.of(clean(variant), windows(variant))))
                            .toList());
            ConfluentSchemaRegistry registry = new ConfluentSchemaRegistry(
                    List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"));
            List<Entrant> entrants =
                    VARIANTS.stream().map(variant -> entrant(broker, variant)).toList();
            Workload load = new Workload(records, registry.idFor(clean("route"), Schemas.READING));
            Measurements measured = new Race(entrants, load).run(forks, rounds, out);
            int compared = compareOutputs(broker, registry.idFor(windows("route"), Schemas.AGGREGATE));
            report(out, arguments.json(), measured, records, forks * rounds, compared);
        }
    }

    private static Entrant entrant(BenchBroker broker, String variant) {
        return new Entrant(
                variant,
                broker,
                clean(variant),
                group(variant),
                () -> Child.java(
                        JVM_OPTIONS,
                        System.getProperty("java.class.path"),
                        VariantProcess.class.getName(),
                        List.of(variant, broker.bootstrap(), broker.registry())));
    }

    /**
     * Every window that the hand-written hash saw in full (it loses those that are open when its process ends) must be the same in all variants,
     * but for the very last, for which the route still waits; of one that was given out more than once the highest revision is meant.
     */
    private static int compareOutputs(BenchBroker broker, int schemaId) {
        Map<String, double[]> expected = finalWindows(broker, "hand", schemaId);
        double last = expected.values().stream()
                .mapToDouble(window -> window[START])
                .max()
                .orElse(0);
        expected.values()
                .removeIf(window -> window[COUNT] != Workload.PER_WINDOW || window[START] > last - WAITING_MICROS);
        if (expected.isEmpty()) {
            throw new IllegalStateException("The hand-written hash gave out no whole window.");
        }
        for (String variant : List.of("route", "streams")) {
            Map<String, double[]> actual = finalWindows(broker, variant, schemaId);
            expected.forEach((identity, window) -> {
                double @Nullable [] other = actual.get(identity);
                if (other == null || !same(window, other)) {
                    throw new IllegalStateException("Variant '%s' gave window %s as %s, the hand-written hash as %s."
                            .formatted(variant, identity, Arrays.toString(other), Arrays.toString(window)));
                }
            });
        }
        return expected.size();
    }

    private static boolean same(double[] one, double[] other) {
        int spread = one.length - 1;
        return Arrays.equals(one, 0, spread, other, 0, spread) && Math.abs(one[spread] - other[spread]) < SAME_SPREAD;
    }

    private static Map<String, double[]> finalWindows(BenchBroker broker, String variant, int schemaId) {
        Map<String, double[]> windows = new HashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        AggregateView view = new AggregateView(schemaId);
        Topics.read(broker, windows(variant), record -> {
            view.wrap(record.value());
            String identity = "%s/%s@%d".formatted(view.assetId(), view.parameter(), view.startMicros());
            if (revisions.merge(identity, view.revision(), Math::max) == view.revision()) {
                windows.put(identity, new double[] {
                    view.startMicros(),
                    view.count(),
                    view.good(),
                    view.avg(),
                    view.min(),
                    view.max(),
                    view.first(),
                    view.last(),
                    view.stddev()
                });
            }
        });
        return windows;
    }

    private static void report(
            PrintStream out, boolean json, Measurements measured, int records, int rounds, int compared)
            throws Exception {
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "aggregate");
        measured.tell(VARIANTS, out, line);
        line.put("records", records).put("rounds", rounds).put("same_windows", compared);
        if (json) {
            out.println(line);
        }
        new Limits(line).atLeast("ratio_hand", 0.75).atLeast("ratio_streams", 5).check();
    }
}
