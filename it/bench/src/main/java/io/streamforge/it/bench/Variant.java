package io.streamforge.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What every variant's JVM has in common. */
public final class Variant {

    /** Commit interval of every variant, the product's default. */
    public static final int COMMIT_INTERVAL_MS = 100;

    private Variant() {}

    /** Says that the variant runs and waits until the input ends. */
    public static void serve() throws IOException {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {}
    }
}
