package io.streamforge.demo;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** What the person in front of the demo reads: one line per step. */
final class Progress {

    private final PrintStream out;
    private long begun = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    /** A row of steps begins: their times count from here. */
    synchronized void begin(String what) {
        begun = System.nanoTime();
        plain(what);
    }

    /** A step that is done. */
    synchronized void done(String step, String what) {
        out.printf("  %-14s %-62s %6.1f s%n", step, what, (System.nanoTime() - begun) / 1e9);
        out.flush();
    }

    /** Something that happened later, with the time of day. */
    synchronized void say(String what) {
        out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + what);
        out.flush();
    }

    synchronized void plain(String text) {
        out.println(text);
        out.flush();
    }
}
