package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.SchemaRegistry.RegistryUnavailableException;
import io.streamforge.model.SchemaRegistry.UnknownSchemaException;
import io.streamforge.model.Schemas;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConfluentSchemaRegistryIT {

    /** Nothing listens on port 1. */
    private static final URI AWAY = URI.create("http://127.0.0.1:1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path data;

    private static EmbeddedBroker broker;
    private static URI registry;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @BeforeAll
    static void startRegistry() {
        broker = EmbeddedBroker.start(data, 0, 0, 0);
        registry = URI.create(broker.registryUrl());
    }

    @AfterAll
    static void stopRegistry() {
        broker.close();
    }

    @Test
    void registersASchemaUnderItsTopicAndGivesItBackById() {
        ConfluentSchemaRegistry client = client(registry);
        int id = client.idFor("telemetry.raw", Schemas.READING);
        assertThat(client.idFor("telemetry.raw", Schemas.READING)).isEqualTo(id);
        assertThat(client.byId(id)).isEqualTo(Schemas.READING);
    }

    @Test
    void knowsFromItsFileWhatTheRegistryOnceSaid() {
        ConfluentSchemaRegistry before = client(registry);
        int id = before.idFor("telemetry.clean", Schemas.READING);

        ConfluentSchemaRegistry offline = client(AWAY);
        assertThat(offline.idFor("telemetry.clean", Schemas.READING)).isEqualTo(id);
        assertThat(offline.byId(id)).isEqualTo(Schemas.READING);
    }

    @Test
    void asksTheNextRegistryIfOneIsAway() {
        assertThat(new ConfluentSchemaRegistry(List.of(AWAY, registry), directory.resolve("cache.json"))
                        .idFor("telemetry.1s", Schemas.AGGREGATE))
                .isPositive();
    }

    @Test
    void saysWhatItLacksIfTheRegistryWasNeverReached() {
        assertThatThrownBy(() -> client(AWAY).idFor("telemetry.raw", Schemas.READING))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("does not know the id of schema 'Reading' for subject 'telemetry.raw-value'")
                .hasMessageEndingWith("Waiting for the registry.");
        assertThatThrownBy(() -> client(AWAY).byId(7))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("does not know schema id 7");
    }

    @Test
    void tellsAnUnknownIdFromAnAbsentRegistry() {
        assertThatThrownBy(() -> client(registry).byId(4711)).isInstanceOf(UnknownSchemaException.class);
    }

    @Test
    void anIdThatTheRegistryDidNotKnowIsStillUnknownWhileItIsAway(@TempDir Path other) {
        ConfluentSchemaRegistry client;
        try (EmbeddedBroker away = EmbeddedBroker.start(other, 0, 0, 0)) {
            client = client(URI.create(away.registryUrl()));
            assertThatThrownBy(() -> client.byId(4711)).isInstanceOf(UnknownSchemaException.class);
        }
        assertThatThrownBy(() -> client.byId(4711)).isInstanceOf(UnknownSchemaException.class);
        assertThatThrownBy(() -> client.byId(4712)).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void saysWhyTheRegistryRefusesASchema() {
        ConfluentSchemaRegistry client = client(registry);
        client.idFor(
                "refused", SchemaBuilder.record("R").fields().requiredLong("a").endRecord());
        Schema incompatible =
                SchemaBuilder.record("R").fields().requiredString("b").endRecord();
        assertThatThrownBy(() -> client.idFor("refused", incompatible))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("refuses schema 'R' for subject 'refused-value'")
                .hasMessageContaining("409");
    }

    @Test
    void startsAnewFromACacheThatCannotBeRead() throws IOException {
        Files.writeString(directory.resolve("cache.json"), "{\"ids\": {\"trunc");
        assertThat(client(registry).idFor("telemetry.raw", Schemas.READING)).isPositive();
        assertThat(client(AWAY).idFor("telemetry.raw", Schemas.READING)).isPositive();
    }

    @Test
    void worksOnWhenTheDiskOfItsCacheIsFull() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()))
                .as("only root can mount a small disk")
                .isZero();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ConfluentSchemaRegistry.class);
        log.start();
        logger.addAppender(log);
        try {
            assertThatThrownBy(() -> fill(disk.resolve("filler"))).hasMessageContaining("No space left");

            ConfluentSchemaRegistry client = new ConfluentSchemaRegistry(List.of(registry), disk.resolve("cache.json"));
            int id = client.idFor("telemetry.raw", Schemas.READING);
            assertThat(client.byId(id)).isEqualTo(Schemas.READING);
            assertThat(log.list)
                    .as("one warning, however often it fails")
                    .hasSize(1)
                    .allSatisfy(event -> {
                        assertThat(event.getLevel()).isEqualTo(Level.WARN);
                        assertThat(event.getMessage()).startsWith("The schema cache cannot be written");
                    });
            assertThat(disk.resolve("cache.json")).doesNotExist();

            Files.delete(disk.resolve("filler"));
            client.idFor("telemetry.1s", Schemas.AGGREGATE);
            assertThat(new ConfluentSchemaRegistry(List.of(AWAY), disk.resolve("cache.json")).byId(id))
                    .isEqualTo(Schemas.READING);
        } finally {
            logger.detachAppender(log);
            run("umount", disk.toString());
        }
    }

    private ConfluentSchemaRegistry client(URI address) {
        return new ConfluentSchemaRegistry(List.of(address), directory.resolve("cache.json"));
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int block = 0; block < 1000; block++) {
                out.write(new byte[4096]);
            }
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
