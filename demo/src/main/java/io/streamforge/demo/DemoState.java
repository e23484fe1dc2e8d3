package io.streamforge.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a demo tells {@code status}, {@code stop} and the next start about itself.
 *
 * @param ready whether everything was started and the plant loaded
 * @param stream where {@code ledger} looks
 * @param parts in the order they were started
 */
record DemoState(Started supervisor, String url, boolean ready, Stream stream, List<Part> parts) {

    private static final ObjectMapper JSON =
            new ObjectMapper().registerModule(new JavaTimeModule()).enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * A process, told apart from a later one with the same number by its start.
     *
     * @param startedAt by the kernel's clock
     */
    record Started(long pid, Instant startedAt) {

        private static final Duration TOLERANCE = Duration.ofSeconds(2);

        static Started of(ProcessHandle process) {
            return new Started(process.pid(), process.info().startInstant().orElse(Instant.now()));
        }

        Optional<ProcessHandle> process() {
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(found -> found.info()
                    .startInstant()
                    .map(at -> Duration.between(at, startedAt).abs().compareTo(TOLERANCE) < 0)
                    .orElse(false));
        }
    }

    /** The addresses of the broker and of the schema registry. */
    record Stream(String bootstrap, String registry) {}

    /**
     * One child of the demo.
     *
     * @param port the one its health is asked on
     * @param healthUrl null where there is no HTTP: a connection is tried instead
     * @param restarts how often it was started again
     */
    record Part(
            String name,
            Started process,
            int port,
            @Nullable String healthUrl,
            int restarts) {}

    static Optional<DemoState> read(DataFolder folder) {
        if (!Files.exists(folder.state())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(folder.state().toFile(), DemoState.class));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + folder.state(), e);
        }
    }

    void write(DataFolder folder) {
        try {
            DataFolder.writePrivately(folder.state(), JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + folder.state(), e);
        }
    }
}
