package io.streamforge.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** What the person in front of the demo reads: one line per step. */
final class Progress {

    private final PrintStream out;
    private final long begun = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    /** A step that is done; its time counts from the demo's start. */
    synchronized void done(String step, String what) {
        out.printf("  %-14s %-52s %5.1f s%n", step, what, sinceStart().toMillis() / 1000.0);
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

    Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
