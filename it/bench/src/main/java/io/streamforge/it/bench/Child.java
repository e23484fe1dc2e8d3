package io.streamforge.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A JVM under measurement: it says on its standard output when it is ready, ends with its standard input, and its CPU time is read from outside. */
public final class Child implements AutoCloseable {

    /** Kernel ticks per second of {@code /proc/<pid>/stat}: USER_HZ, 100 on every Linux this runs on (proc(5)). */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** A thread's own name, of which Linux keeps 15 characters. */
    private static final Pattern COMPILER = Pattern.compile("\\((C1|C2) Compiler");

    private final Process process;
    private final BufferedReader output;

    private Child(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts {@code java <jvmOptions> -cp <classPath> <mainClass> <arguments>}; its standard error goes to this process's. */
    public static Child java(List<String> jvmOptions, String classPath, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        try {
            return new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line that starts with this word and gives it whole; the child's end before it is an error. */
    public String await(String word) {
        try {
            for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(word)) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("Child process %d ended before it said '%s'.".formatted(process.pid(), word));
    }

    /** Sends a line and waits for the line that answers it. */
    public String ask(String question) {
        try {
            process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return output.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** User and system time the whole process has used so far, in nanoseconds (10 ms resolution). */
    public long cpuNanos() {
        return cpuNanos(process.pid());
    }

    /** The same of any process. */
    public static long cpuNanos(long pid) {
        return cpuNanos(read(pid, "stat"));
    }

    private static long cpuNanos(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
    }

    /** What of {@link #cpuNanos()} was the just-in-time compiler's; its threads end when they have nothing to do, and are forgotten then. */
    public long compilerNanos() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.map(Child::stat)
                    .filter(stat -> COMPILER.matcher(stat).find())
                    .mapToLong(Child::cpuNanos)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Empty for a thread that has ended. */
    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether less than a twentieth of what it used between two moments was the compiler's: more warm-up would change little. */
    public static boolean warm(long cpu, long compiler) {
        return compiler < cpu / 20;
    }

    /** Resident set size in bytes. */
    public long residentBytes() {
        return read(process.pid(), "status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(Duration.ofSeconds(10).toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
