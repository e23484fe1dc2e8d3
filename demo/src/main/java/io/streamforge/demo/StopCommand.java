package io.streamforge.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends a running demo and waits until its last process is gone; also ends what a killed demo left behind. */
@Command(name = "stop")
final class StopCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(20);

    @Mixin
    private Demo.Location location = new Demo.Location();

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = location.folder();
        Progress progress = new Progress(System.out);
        if (!folder.locked()) {
            boolean ended = endLeftovers(folder, progress);
            progress.plain(ended ? "Ended what an earlier demo left behind." : "No demo is running.");
            return 0;
        }
        DemoState state = DemoState.read(folder)
                .orElseThrow(() -> new DemoException("A demo is only just starting; try again in a moment."));
        Optional<ProcessHandle> supervisor = state.supervisor().process();
        progress.begin("Stopping the demo (pid " + state.supervisor().pid() + ")");
        supervisor.ifPresent(ProcessHandle::destroy);
        long begun = System.nanoTime();
        while (folder.locked()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new DemoException("The demo (pid %d) did not end within %d s; see the logs in %s."
                        .formatted(state.supervisor().pid(), PATIENCE.toSeconds(), folder.logs()));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        progress.done("stopped", "every part has ended");
        return 0;
    }

    /** Ends children of a demo whose supervisor is gone; they are told from strangers by pid and start time. */
    static boolean endLeftovers(DataFolder folder, Progress progress) {
        List<DemoState.Part> parts =
                new ArrayList<>(DemoState.read(folder).map(DemoState::parts).orElse(List.of()));
        Collections.reverse(parts);
        boolean found = false;
        for (DemoState.Part part : parts) {
            Optional<ProcessHandle> process = part.process().process();
            if (process.isPresent()) {
                found = true;
                progress.say("Ending " + part.name() + " (pid " + process.get().pid() + "), left by an earlier demo");
                end(process.get());
            }
        }
        return found;
    }

    private static void end(ProcessHandle process) {
        try {
            process.destroy();
            process.onExit().get(LEFTOVER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
