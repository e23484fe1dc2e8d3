package io.streamforge.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of the product under test: can be started, ended, killed as by a power cut, and started again with what it left on disk. */
final class Part implements AutoCloseable {

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;

    Part(String name, Path directory, List<String> command, Map<String, String> environment) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = directory.resolve(name + ".log");
    }

    /** {@code java @options -cp <distribution> <mainClass> <arguments>}. */
    static List<String> java(List<String> options, String module, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", home().resolve(module).resolve("target/dist/lib") + "/*", mainClass));
        command.addAll(arguments);
        return command;
    }

    /** The checkout. */
    static Path home() {
        return Path.of(Objects.requireNonNull(System.getenv("STREAMFORGE_HOME"), "STREAMFORGE_HOME"));
    }

    Part start() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    long pid() {
        return Objects.requireNonNull(process, name).pid();
    }

    /** SIGKILL, and waits until the kernel has reaped it. */
    void kill() {
        end(Objects.requireNonNull(process, name).destroyForcibly());
    }

    /** SIGSTOP: the process is there, holds what it holds and does nothing. */
    void freeze() {
        signal("STOP", List.of(pid()));
    }

    /** SIGCONT: it goes on, and learns from its clock that time has passed. */
    void thaw() {
        signal("CONT", List.of(pid()));
    }

    static void signal(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM: an orderly end. */
    void stop() {
        if (process != null) {
            process.destroy();
            end(process);
        }
    }

    private void end(Process ended) {
        try {
            if (!ended.waitFor(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS)) {
                ended.destroyForcibly().waitFor();
                throw new IllegalStateException(
                        "%s did not end within 30 s; its log ends:%n%s".formatted(name, tail()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String tail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
