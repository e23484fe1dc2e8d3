package io.streamforge.demo;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code ./streamforge demo}, {@code status}, {@code stop} and {@code replay} run. */
@Command(
        name = "./streamforge",
        subcommands = {StartCommand.class, StatusCommand.class, StopCommand.class, ReplayCommand.class})
public final class Demo {

    /** System property with the folder StreamForge was unpacked to; set by the {@code streamforge} script. */
    static final String HOME = "streamforge.home";

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Demo());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof DemoException) {
                command.getErr().println(failure.getMessage());
                return 1;
            }
            throw failure;
        });
        System.exit(line.execute(arguments));
    }

    static Path home() {
        return Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
    }

    /** The option that says which demo is meant. */
    static final class Location {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Where the demo keeps its data (default: .streamforge).")
        private Path data = home().resolve(".streamforge");

        DataFolder folder() {
            return new DataFolder(data.toAbsolutePath().normalize());
        }
    }
}
