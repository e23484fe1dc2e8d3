package io.streamforge.it.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a bench has measured, round by round, and how it is told: medians of paired rounds. */
public final class Measurements {

    private final Map<String, List<Double>> cpuNanosPerRecord = new LinkedHashMap<>();
    private final Map<String, List<Double>> recordsPerSecond = new LinkedHashMap<>();
    private final Map<String, List<Double>> brokerNanosPerRecord = new LinkedHashMap<>();

    /** Adds one round of one variant. */
    public void add(String variant, long records, long cpuNanos, long brokerCpuNanos, long wallNanos) {
        series(cpuNanosPerRecord, variant).add((double) cpuNanos / records);
        series(brokerNanosPerRecord, variant).add((double) brokerCpuNanos / records);
        series(recordsPerSecond, variant).add(records * 1e9 / wallNanos);
    }

    /** Median over the rounds of their CPU per record ÷ ours in the same round: above 1, ours needs less. */
    public double cpuRatio(String theirs, String ours) {
        return medianOfRatios(series(cpuNanosPerRecord, theirs), series(cpuNanosPerRecord, ours));
    }

    /** Median over the rounds of our throughput ÷ theirs in the same round: above 1, ours is faster. */
    public double throughputRatio(String theirs, String ours) {
        return medianOfRatios(series(recordsPerSecond, ours), series(recordsPerSecond, theirs));
    }

    /** Median CPU of the client process, nanoseconds per record. */
    public double cpuNanosPerRecord(String variant) {
        return median(series(cpuNanosPerRecord, variant));
    }

    /** Median CPU of the broker while this variant ran, nanoseconds per record. */
    public double brokerNanosPerRecord(String variant) {
        return median(series(brokerNanosPerRecord, variant));
    }

    /** Median throughput, records per second. */
    public double recordsPerSecond(String variant) {
        return median(series(recordsPerSecond, variant));
    }

    /** Prints a table, and puts the figures of all variants and the ratios of the others to the first into the line. */
    public void tell(List<String> variants, PrintStream out, ObjectNode line) {
        String ours = variants.get(0);
        List<String> others = variants.subList(1, variants.size());
        for (String variant : variants) {
            out.printf(
                    "%-8s %6.0f ns CPU/record  %8.0f records/s  broker %6.0f ns CPU/record%n",
                    variant, cpuNanosPerRecord(variant), recordsPerSecond(variant), brokerNanosPerRecord(variant));
        }
        others.forEach(theirs -> line.put("ratio_" + theirs, rounded(cpuRatio(theirs, ours))));
        others.forEach(theirs -> line.put("tput_" + theirs, rounded(throughputRatio(theirs, ours))));
        for (String variant : variants) {
            line.put("cpu_ns_" + variant, Math.round(cpuNanosPerRecord(variant)));
            line.put("broker_ns_" + variant, Math.round(brokerNanosPerRecord(variant)));
        }
    }

    /** The middle value, the mean of the two middle ones for an even count. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** As it is told: three digits. */
    public static double rounded(double ratio) {
        return Math.round(ratio * 1000) / 1000.0;
    }

    private static double medianOfRatios(List<Double> numerators, List<Double> denominators) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < numerators.size(); round++) {
            ratios.add(numerators.get(round) / denominators.get(round));
        }
        return median(ratios);
    }

    private static List<Double> series(Map<String, List<Double>> by, String variant) {
        return by.computeIfAbsent(variant, name -> new ArrayList<>());
    }
}
