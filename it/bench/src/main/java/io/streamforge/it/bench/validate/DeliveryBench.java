package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Entrant;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Load;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Race;
import io.streamforge.it.bench.Topics;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code ./streamforge bench exactly-once}: the shipped validate route with transactions against the same route without, both committing every
 * 100 ms. {@code ratio} is the CPU per record at least once ÷ exactly once: what exactly-once costs, 1 would be nothing. Their topics have the same
 * names, so each has a broker of its own.
 */
public final class DeliveryBench {

    private DeliveryBench() {}

    /** {@code [--json] [--records N] [--rounds N] [--forks N]}, with the defaults of {@link ValidateBench}. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--records", "--rounds", "--forks");
        int records = arguments.number("--records", 2_000_000);
        int rounds = arguments.number("--rounds", 3);
        int forks = arguments.number("--forks", 3);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (BenchBroker exactly = new BenchBroker();
                BenchBroker atLeast = new BenchBroker()) {
            for (BenchBroker broker : List.of(exactly, atLeast)) {
                ValidateBench.createTopics(broker, List.of("route"));
            }
            Load load = ValidateBench.load(exactly, records);
            ValidateBench.load(atLeast, records);
            Measurements measured = new Race(
                            List.of(
                                    entrant(exactly, "exactly-once", "route"),
                                    entrant(atLeast, "at-least-once", "at-least-once")),
                            load)
                    .run(forks, rounds, out);
            String expected = Topics.digest(exactly, ValidateBench.clean("route"));
            String actual = Topics.digest(atLeast, ValidateBench.clean("route"));
            if (!actual.equals(expected)) {
                throw new IllegalStateException(
                        "At least once wrote other records than exactly once: %s, not %s.".formatted(actual, expected));
            }
            report(out, arguments.json(), measured, records, forks * rounds);
        }
    }

    private static Entrant entrant(BenchBroker broker, String name, String variant) {
        return new Entrant(
                name,
                broker,
                ValidateBench.raw("route"),
                ValidateBench.group("route"),
                () -> ValidateBench.child(broker, variant));
    }

    private static void report(PrintStream out, boolean json, Measurements measured, int records, int rounds)
            throws Exception {
        ObjectNode line = new ObjectMapper()
                .createObjectNode()
                .put("bench", "exactly-once")
                .put("ratio", Measurements.rounded(measured.cpuRatio("at-least-once", "exactly-once")))
                .put("tput_ratio", Measurements.rounded(measured.throughputRatio("at-least-once", "exactly-once")));
        for (String name : List.of("exactly-once", "at-least-once")) {
            out.printf(
                    "%-14s %6.0f ns CPU/record  %8.0f records/s  broker %6.0f ns CPU/record%n",
                    name,
                    measured.cpuNanosPerRecord(name),
                    measured.recordsPerSecond(name),
                    measured.brokerNanosPerRecord(name));
            String key = name.replace('-', '_');
            line.put("cpu_ns_" + key, Math.round(measured.cpuNanosPerRecord(name)))
                    .put("broker_ns_" + key, Math.round(measured.brokerNanosPerRecord(name)));
        }
        line.put("records", records).put("rounds", rounds).put("same_output", true);
        if (json) {
            out.println(line);
        }
        new Limits(line).atLeast("ratio", 0.8).check();
    }
}
