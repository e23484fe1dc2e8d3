package io.streamforge.it.bench.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * {@code ./streamforge bench memory}: validator (with a rule that compares) and aggregators (1 s, 1 min and 1 h, as shipped) in a JVM with a small
 * heap, fed with generated readings. An hour in which every series is read three times a minute, and once a second from before its end to past
 * the moment when most is held; then, with a quarter of the series, a day in which each is read once a minute. What lives is read after a full
 * collection. The run fails if the heap does not do, if it grows faster than the number of series, or if it grows over the day.
 */
public final class MemoryBench {

    private static final double MOST_LINEAR = 1.15;
    private static final double MOST_FLAT = 1.1;
    private static final int HOURS = 24;

    private MemoryBench() {}

    /** {@code [--json] [--series N] [--heap MB]}: N series (default 100000) in a heap of so many megabytes (default 512), and a quarter of them. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--series", "--heap");
        int series = arguments.number("--series", 100_000);
        int heap = arguments.number("--heap", 512);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Live few = measure(series / 4, heap, HOURS);
        Live all = measure(series, heap, 0);
        double perSeries = (double) (all.peak - all.base) / series;
        double linear = perSeries / ((double) (few.peak - few.base) / (series / 4.0));
        double flat = (double) few.hours.get(HOURS - 1) / few.hours.get(0);
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

    /** What lived at the start, at most in the first hour, and at the end of each hour after, bytes. */
    private record Live(long base, long peak, List<Long> hours) {}

    private static Live measure(int series, int heap, int hours) {
        try (Child child = Child.java(
                List.of("-Xmx%dm".formatted(heap), "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                MemoryProcess.class.getName(),
                List.of(Integer.toString(series), Integer.toString(hours)))) {
            List<Long> lives = Arrays.stream(child.await("live").split(" "))
                    .skip(1)
                    .map(Long::valueOf)
                    .toList();
            return new Live(lives.get(0), lives.get(1), lives.subList(2, lives.size()));
        }
    }
}
