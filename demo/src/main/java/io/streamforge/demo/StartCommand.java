package io.streamforge.demo;

import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the demo and keeps it running until it is told to end. */
@Command(name = "demo")
final class StartCommand implements Callable<Integer> {

    @Mixin
    private Demo.Location location = new Demo.Location();

    @Mixin
    private Ports ports = new Ports();

    @Option(names = "--clean", description = "Forget everything an earlier demo kept, and start afresh.")
    private boolean clean;

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = location.folder();
        Optional<FileChannel> lock = folder.lock();
        if (lock.isEmpty()) {
            throw new DemoException(alreadyRunning(folder));
        }
        // The lock is never released here: it goes with the process, after the last child.
        Progress progress = new Progress(System.out);
        StopCommand.endLeftovers(folder, progress);
        if (clean) {
            folder.clean();
        }
        ports.requireFree();
        Dist dist = new Dist(Demo.home());
        dist.requireBuilt();
        DemoRun run = new DemoRun(folder, ports, dist, progress);
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
        run.start();
        run.awaitStop();
        return 0;
    }

    private String alreadyRunning(DataFolder folder) {
        String which = DemoState.read(folder)
                .map(state -> " (pid %d): %s".formatted(state.supervisor().pid(), state.url()))
                .orElse("");
        return clean
                ? "A demo is running%s%n--clean needs it to be stopped first: ./streamforge stop".formatted(which)
                : "A demo is already running%s%nEnd it with ./streamforge stop, see its parts with ./streamforge status."
                        .formatted(which);
    }
}
