package io.streamforge.it.bench.validate;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The child JVM of one variant: {@code VariantProcess <variant> <bootstrap> <registry>}, until its input ends. */
public final class VariantProcess {

    /** Commit interval of every variant, the product's default. */
    static final int COMMIT_INTERVAL_MS = 100;

    private VariantProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String bootstrap = arguments[1];
        String registry = arguments[2];
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (AutoCloseable variant =
                switch (name) {
                    case "route" -> new RouteVariant(bootstrap, registry);
                    case "hand" -> LoopVariant.hand(bootstrap, registry);
                    case "copy" -> LoopVariant.copy(bootstrap);
                    case "streams" -> new StreamsVariant(bootstrap, registry);
                    default ->
                        throw new IllegalArgumentException(
                                "Unknown variant '%s'. Known: route, hand, copy, streams.".formatted(name));
                }) {
            out.println("ready");
            while (in.readLine() != null) {}
        }
    }
}
