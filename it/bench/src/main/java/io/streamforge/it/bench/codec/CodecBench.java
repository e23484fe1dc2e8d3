package io.streamforge.it.bench.codec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.Limits;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code ./streamforge bench codec}: time and allocation of one reading, by JMH with its gc profiler. {@code read_b} is what the binary path allocates
 * per record that passes, in bytes; {@code ratio_avro} is Avro's decode and encode ÷ reading and patching.
 */
public final class CodecBench {

    private CodecBench() {}

    /** {@code [--json]}. */
    public static void main(String[] options) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        ObjectNode line = new ObjectMapper().createObjectNode().put("bench", "codec");
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include("\\b" + Codecs.class.getSimpleName() + "\\b")
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            String name = result.getPrimaryResult().getLabel();
            double nanos = result.getPrimaryResult().getScore();
            double bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                    .getScore();
            out.printf("%-10s %7.1f ns/record  %8.3f B/record%n", name, nanos, bytes);
            line.put(name + "_ns", rounded(nanos)).put(name + "_b", rounded(bytes));
        }
        line.put(
                "ratio_avro",
                rounded(line.get("avro_ns").asDouble() / line.get("patch_ns").asDouble()));
        if (Arguments.of(options).json()) {
            out.println(line);
        }
        new Limits(line).atMost("read_b", 1).atMost("readDevice_b", 1).check();
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
