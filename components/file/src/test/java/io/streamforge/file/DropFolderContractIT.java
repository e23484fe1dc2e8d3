package io.streamforge.file;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.NoPositions;
import io.streamforge.adapter.testing.UnaskedContractIT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A folder into which somebody drops a file of one row every now and then. Its rows have no points that could fail one by one. */
class DropFolderContractIT extends UnaskedContractIT {

    private final Path folder;
    private @Nullable ScheduledExecutorService somebody;
    private final AtomicInteger files = new AtomicInteger();

    DropFolderContractIT(@TempDir Path parent) {
        this.folder = parent.resolve("in");
    }

    @Override
    protected int startDevice(int port) throws IOException {
        Files.createDirectories(folder);
        somebody = Executors.newSingleThreadScheduledExecutor();
        somebody.scheduleAtFixedRate(this::drop, 0, 20, TimeUnit.MILLISECONDS);
        return port;
    }

    @Override
    protected void overload() {
        int before = files.get();
        await().until(() -> files.get() >= before + 10);
    }

    private void drop() {
        try {
            int number = files.incrementAndGet();
            Path part = Files.writeString(folder.resolve("part"), "steady,fragile\n%d,2\n".formatted(number));
            Files.move(part, folder.resolve(number + ".csv"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void killDevice() throws Exception {
        if (somebody != null) {
            somebody.shutdown();
            somebody.awaitTermination(10, TimeUnit.SECONDS);
        }
        if (Files.exists(folder)) {
            Path away = Files.move(folder, folder.resolveSibling("away"));
            List<Path> inside;
            try (Stream<Path> all = Files.walk(away)) {
                inside = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : inside) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    protected String endpoint(int port) {
        try {
            context.getRegistry().bind("positions", new NoPositions());
            context.getRegistry()
                    .bind(
                            "contract.points",
                            new ObjectMapper()
                                    .readTree(
                                            "[{\"name\":\"steady\",\"path\":\"$.steady\"},{\"name\":\"fragile\",\"path\":\"$.fragile\"}]"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        return "drop-folder:in?points=#bean:contract.points&pollIntervalMs=100&settleMs=0&folder=" + folder;
    }
}
