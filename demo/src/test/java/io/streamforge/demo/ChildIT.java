package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: what {@code sh} does when it is killed, told to end, or left alone by its supervisor. */
class ChildIT {

    private final Path temporary;

    ChildIT(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Progress progress = new Progress(new PrintStream(said, true, StandardCharsets.UTF_8));
    private @Nullable Child child;

    @AfterEach
    void stop() {
        if (child != null) {
            child.stop();
        }
    }

    @Test
    void startsAgainAfterAKill() {
        Child sleeper = start("TERM", "echo started; exec sleep 600");
        long first = pid(sleeper);
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().until(() -> pid(sleeper) != first && sleeper.ready());
        await().until(() -> said.toString(StandardCharsets.UTF_8).contains("child is back"));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("child ended (signal 9); starting it again in 0.5 s");
        assertThat(sleeper.restarts()).isEqualTo(1);
    }

    @Test
    void asksWithTheSignalTheChildWantsAndWaits() throws Exception {
        Child trapping =
                start("INT", "trap 'echo told by INT; exit 0' INT; echo started; while :; do sleep 0.05; done");
        await().until(() -> log().contains("started"));
        trapping.stop();
        assertThat(log()).contains("told by INT");
        assertThat(ProcessHandle.of(pid(trapping)).filter(ProcessHandle::isAlive))
                .isEmpty();
        assertThat(said.toString(StandardCharsets.UTF_8)).doesNotContain("starting it again");
    }

    @Test
    void endsWhenItsSupervisorIsKilled() throws Exception {
        Path pidFile = temporary.resolve("pid");
        Process supervisor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Supervisor.class.getName(),
                        temporary.toString(),
                        pidFile.toString())
                .inheritIO()
                .start();
        await().atMost(20, TimeUnit.SECONDS).until(() -> Files.exists(pidFile) && Files.size(pidFile) > 0);
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        assertThat(ProcessHandle.of(pid)).isPresent();
        supervisor.destroyForcibly().waitFor();
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    /** A supervisor that starts one child and waits to be killed. */
    static final class Supervisor {
        public static void main(String[] arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            child(folder, new Progress(System.out), "TERM", "echo $$ > " + arguments[1] + "; exec sleep 600")
                    .start();
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private Child start(String signal, String script) {
        Child started = child(temporary, progress, signal, script);
        child = started;
        started.start();
        return started;
    }

    private static Child child(Path folder, Progress progress, String signal, String script) {
        Child.Specification specification =
                new Child.Specification("child", List.of("sh", "-c", script), Map.of(), signal, 1, null, () -> true);
        return new Child(specification, new BoundedLog(folder.resolve("child.log"), 1 << 20), progress, () -> {});
    }

    private static long pid(Child child) {
        return Objects.requireNonNull(child.part()).process().pid();
    }

    private String log() throws Exception {
        Path file = temporary.resolve("child.log");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
