package io.streamforge.it.bench.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code ./streamforge bench memory}: validator and aggregators (1 s and 1 min, as shipped) in a JVM with a small heap, fed with generated readings.
 * First every series once a second, past the moment when most is held; then a day of bursts, one an hour. What lives is read after a full
 * collection. The run fails if the heap does not do, if it grows faster than the number of series, or if it grows over the day.
 */
public final class MemoryBench {

    private static final double MOST_LINEAR = 1.15;
    private static final double MOST_FLAT = 1.1;

    private MemoryBench() {}

    /** {@code [--json] [--series N] [--heap MB]}: N series (default 100000) in a heap of so many megabytes (default 512), and a quarter of them. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = new Arguments(List.of(options));
        int series = arguments.number("--series", 100_000);
        int heap = arguments.number("--heap", 512);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Live few = measure(series / 4, heap);
        Live all = measure(series, heap);
        double perSeries = (double) (all.peak - all.base) / series;
        double linear = perSeries / ((double) (few.peak - few.base) / (series / 4.0));
        double flat = (double) all.lastHour / all.firstHour;
        out.printf(
                "%d series: %d MB live at most, %.0f bytes a series; %.3f of a quarter's per series; after a day %.3f of after an hour%n",
                series, all.peak >> 20, perSeries, linear, flat);
        ObjectNode line = new ObjectMapper()
                .createObjectNode()
                .put("bench", "memory")
                .put("series", series)
                .put("heap_mb", heap)
                .put("live_mb", all.peak >> 20)
                .put("bytes_per_series", Math.round(perSeries))
                .put("linear", Measurements.rounded(linear))
                .put("flat", Measurements.rounded(flat));
        if (arguments.json()) {
            out.println(line);
        }
        new Limits(line).atMost("linear", MOST_LINEAR).atMost("flat", MOST_FLAT).check();
    }

    /** What lived at four moments, bytes. */
    private record Live(long base, long peak, long firstHour, long lastHour) {}

    private static Live measure(int series, int heap) {
        try (Child child = Child.java(
                List.of("-Xmx%dm".formatted(heap), "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                MemoryProcess.class.getName(),
                List.of(Integer.toString(series)))) {
            String[] words = child.await("live").split(" ");
            return new Live(
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]));
        }
    }
}
