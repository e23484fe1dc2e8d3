package io.streamforge.adapter.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A peer's process: says READY and what else there is to say when it is up, answers OK to each line that it is sent, ends with its standard input. */
public final class PeerProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final String ready;

    public PeerProcess(List<String> command, Path folder) {
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = process.outputWriter(StandardCharsets.UTF_8);
            ready = line();
            if (!ready.startsWith("READY")) {
                throw new IllegalStateException("%s did not start: %s".formatted(command, ready));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be started.".formatted(command.get(0)), e);
        }
    }

    /** Copies a resource of the folder {@code peers} to a file. */
    public static void extract(String resource, Path target) {
        try (InputStream source = PeerProcess.class.getResourceAsStream("/peers/" + resource)) {
            if (source == null) {
                throw new IllegalStateException("There is no resource /peers/" + resource);
            }
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Freezes it, or lets it go on: its connections stay, and nothing comes over them. */
    public void freeze(boolean frozen) {
        try {
            Process kill = new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", String.valueOf(process.pid()))
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("The peer cannot be frozen or unfrozen");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its first line, which begins with READY. */
    public String ready() {
        return ready;
    }

    public long pid() {
        return process.pid();
    }

    /** What stands behind OK in its answer; empty if nothing does. */
    public String send(String command) {
        try {
            in.write(command + "\n");
            in.flush();
            String answer = line();
            if (!answer.startsWith("OK")) {
                throw new IllegalStateException("The peer answered '%s' to %s".formatted(answer, command));
            }
            return answer.substring("OK".length()).stripLeading();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        String line = out.readLine();
        return line == null ? "" : line;
    }

    /** As a power cut would: kill -9. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
