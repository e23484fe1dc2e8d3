package io.streamforge.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process at whatever it is doing, again and again, until all files are taken. */
class CrashIT {

    private static final int FILES = 8;
    private static final int ROWS = 100;
    private static final int ROWS_PER_EXCHANGE = 7;

    private final Path folder;
    private final Path stream;

    CrashIT(@TempDir Path folder) throws IOException {
        this.folder = Files.createDirectory(folder.resolve("in"));
        this.stream = folder.resolve("stream");
    }

    @Test
    void noRowIsLostAndOnlyTheExchangeUnderWayMayComeAgain() throws Exception {
        for (int file = 0; file < FILES; file++) {
            StringBuilder rows = new StringBuilder("file,at,count\n");
            for (int row = 0; row < ROWS; row++) {
                rows.append("f%d,2026-11-20T10:%02d:%02dZ,%d\n".formatted(file, row / 60, row % 60, row));
            }
            Files.writeString(folder.resolve("f%d.csv".formatted(file)), rows);
        }
        Random random = new Random(5);
        int kills = 0;
        while (done() < FILES) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrashedGateway.class.getName(),
                            folder.toString(),
                            stream.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long before = size();
            int enough = 1 + random.nextInt(8000);
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> size() >= before + enough || done() == FILES || !process.isAlive());
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
            kills++;
        }

        List<String> lines = Files.readAllLines(stream);
        Set<String> rows = new HashSet<>();
        List<String> again = new ArrayList<>();
        for (String line : lines) {
            if (!rows.add(line)) {
                again.add(line);
            }
        }
        assertThat(rows).hasSize(FILES * ROWS);
        assertThat(again).hasSizeLessThanOrEqualTo(kills * ROWS_PER_EXCHANGE);
        assertThat(kills).isGreaterThan(2);
    }

    private long size() throws IOException {
        return Files.exists(stream) ? Files.size(stream) : 0;
    }

    private long done() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".done")).count();
        }
    }
}
