package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Entrant;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Load;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Race;
import io.streamforge.it.bench.Topics;
import io.streamforge.model.Schemas;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code ./streamforge bench validate}: the shipped validate route against a hand-written loop with the same codec, a byte copy loop and a Kafka
 * Streams topology with the same checks. All deliver exactly once with a commit every 100 ms; they take turns in one run on the same records,
 * each in a JVM of its own with the same options, and are compared by the CPU of that process per record. The run fails if the outputs differ.
 */
public final class ValidateBench {

    /** As the shipped template has it. */
    static final int MAX_POLL_RECORDS = 1000;

    private static final List<String> VARIANTS = List.of("route", "hand", "copy", "streams");
    private static final List<String> JVM_OPTIONS =
            List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

    private ValidateBench() {}

    static String raw(String variant) {
        return variant.equals("route") ? "telemetry.raw" : "raw." + variant;
    }

    static String clean(String variant) {
        return variant.equals("route") ? "telemetry.clean" : "clean." + variant;
    }

    static String dead(String variant) {
        return variant.equals("route") ? "dlq.telemetry" : "dead." + variant;
    }

    static String group(String variant) {
        return variant.equals("route") ? "validate.telemetry" : "bench-" + variant;
    }

    /**
     * {@code [--json] [--records N] [--rounds N] [--forks N]}: N records per variant and round (default 2000000, a multiple of 8000), N counted rounds (default 3) after
     * a warm-up, in N lifetimes of the processes (default 3).
     */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--records", "--rounds", "--forks");
        int records = arguments.number("--records", 2_000_000);
        int rounds = arguments.number("--rounds", 3);
        int forks = arguments.number("--forks", 3);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (BenchBroker broker = new BenchBroker()) {
            createTopics(broker, VARIANTS);
            List<Entrant> entrants =
                    VARIANTS.stream().map(variant -> entrant(broker, variant)).toList();
            Measurements measured = new Race(entrants, load(broker, records)).run(forks, rounds, out);
            compareOutputs(broker);
            report(out, arguments.json(), measured, records, forks * rounds);
        }
    }

    /** One of the variants, to be started against this broker. */
    static Entrant entrant(BenchBroker broker, String variant) {
        return new Entrant(variant, broker, raw(variant), group(variant), () -> child(broker, variant));
    }

    /** Starts a variant's JVM. */
    static Child child(BenchBroker broker, String variant) {
        return Child.java(
                JVM_OPTIONS,
                System.getProperty("java.class.path"),
                VariantProcess.class.getName(),
                List.of(variant, broker.bootstrap(), broker.registry()));
    }

    /** Makes what the variants read and write. */
    static void createTopics(BenchBroker broker, List<String> variants) throws Exception {
        Topics.create(
                broker,
                Stream.concat(
                                Stream.of("telemetry.reprocess", "alarms.raw", "audit.ledger"),
                                variants.stream()
                                        .flatMap(variant -> Stream.of(raw(variant), clean(variant), dead(variant))))
                        .toList());
    }

    /** What the variants read. */
    static Load load(BenchBroker broker, int records) throws IOException {
        int schemaId = new ConfluentSchemaRegistry(
                        List.of(URI.create(broker.registry())), Files.createTempFile("bench-schemas", ".json"))
                .idFor(raw("route"), Schemas.READING);
        return new Workload(records, schemaId);
    }

    /** Every variant that validates must have written the same bytes in the same order per partition, and refused the same number. */
    private static void compareOutputs(BenchBroker broker) throws Exception {
        String expected = Topics.digest(broker, clean("hand")) + " dead=" + Topics.count(broker, dead("hand"));
        for (String variant : List.of("route", "streams")) {
            String actual = Topics.digest(broker, clean(variant)) + " dead=" + Topics.count(broker, dead(variant));
            if (!actual.equals(expected)) {
                throw new IllegalStateException(
                        "Variant '%s' wrote other records than the hand-written loop: %s, not %s."
                                .formatted(variant, actual, expected));
            }
        }
        String raw = Topics.digest(broker, raw("copy"));
        String copied = Topics.digest(broker, clean("copy"));
        if (!copied.equals(raw)) {
            throw new IllegalStateException(
                    "The copy loop wrote other records than it read: %s, not %s.".formatted(copied, raw));
        }
    }

    private static void report(PrintStream out, boolean json, Measurements measured, int records, int rounds)
            throws Exception {
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "validate");
        measured.tell(VARIANTS, out, line);
        line.put("records", records).put("rounds", rounds).put("same_output", true);
        if (json) {
            out.println(line);
        }
        new Limits(line)
                .atLeast("ratio_hand", 0.9)
                .atLeast("ratio_copy", 0.8)
                .atLeast("ratio_streams", 2)
                .check();
    }
}
