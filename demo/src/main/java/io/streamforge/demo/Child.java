package io.streamforge.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One process of the demo that is started again whenever it ends, with a pause that grows while it keeps ending.
 *
 * <p>The process leads a session of its own, so that Ctrl-C reaches only the supervisor and the order of stopping is ours; and beside it
 * a shell waits on the pipe to the supervisor and ends the process when that pipe closes, so that even a killed supervisor leaves
 * nothing behind.
 */
final class Child {

    private static final String TIED_TO_STDIN = """
            exec 3<&0 </dev/null
            { while read -r _; do :; done <&3; kill -"$0" $$; } >/dev/null 2>&1 &
            exec 3<&-
            exec "$@"
            """;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STABLE_AFTER = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    /** Whoever the process leaves behind may hold its output open. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /**
     * What to run.
     *
     * @param name in messages and of the log file
     * @param command program and arguments; no secrets, as every user of the machine can read them
     * @param environment added to the supervisor's own; secrets go here
     * @param stopSignal {@code TERM}, or what else asks the process to end in order
     * @param port the one its health is asked on
     * @param healthUrl null where there is no HTTP
     * @param ready whether it serves
     */
    record Specification(
            String name,
            List<String> command,
            Map<String, String> environment,
            String stopSignal,
            int port,
            @Nullable String healthUrl,
            BooleanSupplier ready) {

        @Override
        public String toString() {
            return name;
        }
    }

    private final Specification specification;
    private final BoundedLog log;
    private final Progress progress;
    private final Runnable changed;
    private final Thread keeper;
    private @Nullable Process process;
    private @Nullable Thread pump;
    private DemoState.@Nullable Started started;
    private boolean stopping;
    private int restarts;

    /** @param changed told after each start */
    Child(Specification specification, BoundedLog log, Progress progress, Runnable changed) {
        this.specification = specification;
        this.log = log;
        this.progress = progress;
        this.changed = changed;
        this.keeper = new Thread(this::keep, "keeper-" + specification.name());
    }

    String name() {
        return specification.name();
    }

    Path logFile() {
        return log.file();
    }

    void start() {
        launch();
        keeper.start();
    }

    synchronized DemoState.@Nullable Part part() {
        return started == null
                ? null
                : new DemoState.Part(
                        specification.name(), started, specification.port(), specification.healthUrl(), restarts);
    }

    synchronized int restarts() {
        return restarts;
    }

    boolean ready() {
        return alive() && specification.ready().getAsBoolean();
    }

    private synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    private synchronized void launch() {
        if (stopping) {
            return;
        }
        List<String> command =
                new ArrayList<>(List.of("setsid", "sh", "-c", TIED_TO_STDIN, specification.stopSignal()));
        command.addAll(specification.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(specification.environment());
        try {
            Process fresh = builder.start();
            process = fresh;
            started = DemoState.Started.of(fresh.toHandle());
            Thread words = new Thread(() -> pump(fresh), "log-" + specification.name());
            words.setDaemon(true);
            words.start();
            pump = words;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + specification.name(), e);
        }
        changed.run();
    }

    private void pump(Process from) {
        try {
            log.copy(from.getInputStream());
        } catch (IOException e) {
            progress.say(name() + ": its log " + log.file() + " cannot be written: " + e.getMessage());
        }
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                Process current = current();
                long begun = System.nanoTime();
                int exit = current.waitFor();
                closePipe(current);
                if (isStopping()) {
                    return;
                }
                boolean wasStable = System.nanoTime() - begun > STABLE_AFTER.toNanos();
                pause = wasStable ? FIRST_PAUSE : pause;
                progress.say("%s ended (%s); starting it again in %.1f s"
                        .formatted(name(), ending(exit), pause.toMillis() / 1000.0));
                synchronized (this) {
                    TimeUnit.NANOSECONDS.timedWait(this, pause.toNanos());
                    restarts++;
                }
                launch();
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                if (isStopping()) {
                    return;
                }
                awaitReady();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady() throws InterruptedException {
        long begun = System.nanoTime();
        while (alive() && !isStopping()) {
            if (specification.ready().getAsBoolean()) {
                progress.say("%s is back after %.1f s".formatted(name(), (System.nanoTime() - begun) / 1e9));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static String ending(int exit) {
        return exit > 128 ? "signal " + (exit - 128) : "exit " + exit;
    }

    private synchronized Process current() {
        if (process == null) {
            throw new IllegalStateException(name() + " was never started");
        }
        return process;
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Asks the process to end, waits, and after a while no longer asks. Its last words are in its log then. */
    void stop() {
        Process last;
        Thread words;
        synchronized (this) {
            stopping = true;
            notifyAll();
            last = process;
            words = pump;
        }
        if (last == null || words == null) {
            return;
        }
        // The pipe's end is the signal: the shell beside the process passes it on.
        closePipe(last);
        try {
            if (!last.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                progress.say(name() + " did not end within " + STOP_PATIENCE.toSeconds() + " s; killing it");
                last.descendants().forEach(ProcessHandle::destroyForcibly);
                last.destroyForcibly();
                last.waitFor();
            }
            words.join(LAST_WORDS.toMillis());
            keeper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closePipe(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // the process has closed its end, which is all that was wanted
        }
    }
}
