package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decision;
import io.streamforge.model.Decoder;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.Origin;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.routes.deadletters.DecideComponent;
import io.streamforge.routes.deadletters.StreamLetters;
import io.streamforge.routes.runtime.Notices;
import io.streamforge.routes.runtime.RouteBoard;
import io.streamforge.routes.runtime.RouteCounters;
import io.streamforge.routes.runtime.RouteEngine;
import io.streamforge.routes.runtime.StreamKeeper;
import io.streamforge.routes.runtime.StreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routes beside the plan, against a real stream. */
class StandingRoutesIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final EmbeddedBroker broker;
    private final SchemaRegistry registry;
    private final StreamKeeper stream;
    private final Thread keeper;
    private final List<JsonNode> letters = new CopyOnWriteArrayList<>();
    private final List<JsonNode> outcomes = new CopyOnWriteArrayList<>();
    private volatile boolean away;
    private final Notices notices = new Notices();
    private RouteEngine engine;

    StandingRoutesIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0, 0, 0);
        registry =
                new ConfluentSchemaRegistry(List.of(URI.create(broker.registryUrl())), folder.resolve("schemas.json"));
        stream = new StreamKeeper(broker.bootstrapServers(), registry, new Notices(), () -> {});
        keeper = new Thread(stream, "stream");
        keeper.start();
        await().atMost(LIMIT).until(stream::prepared);
        engine = engine();
    }

    @AfterEach
    void stop() throws Exception {
        engine.close();
        keeper.interrupt();
        keeper.join();
        broker.close();
    }

    @Test
    void lettersWaitInTheStreamWhileTheControlPlaneIsAway() throws Exception {
        away = true;
        send(3);
        engine.standingRoutes().supervise();
        restart();
        engine.standingRoutes().supervise();
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(notice()).contains("uplink.dead-letters: ").contains("The control plane is away."));
        away = false;
        await().atMost(LIMIT).until(() -> notice().isEmpty());

        await().atMost(LIMIT).untilAsserted(() -> assertThat(letters)
                .extracting(letter -> letter.at("/value/message_id").asText())
                .contains("telemetry.raw-0-0", "telemetry.raw-0-1", "telemetry.raw-0-2"));
        JsonNode letter = letters.get(0);
        assertThat(letter.path("topic").asText()).isEqualTo("dlq.telemetry");
        assertThat(letter.path("key").asText()).isEqualTo("press-07");
        assertThat(letter.at("/value/payload").binaryValue()).isEqualTo("garbage".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatCannotStartSaysWhyAndStartsWhenItCan() throws Exception {
        engine.close();
        engine = bareEngine();
        assertThat(notice()).contains("They cannot start: No endpoint could be found for: decide://dead-letters");
        addComponents(engine);
        assertThat(notice()).doesNotContain("cannot start");
        send(1);
        await().atMost(LIMIT).until(() -> !letters.isEmpty());
    }

    @Test
    void decisionsAreCarriedOutOnceHoweverOftenTheyCome() throws Exception {
        send(1);
        engine.standingRoutes().supervise();
        await().atMost(LIMIT).until(() -> !letters.isEmpty());
        JsonNode letter = letters.get(0);
        LetterPlace place = new LetterPlace(
                "dlq.telemetry",
                letter.path("partition").asInt(),
                letter.path("offset").asLong(),
                letter.at("/value/message_id").asText());

        decide("d-1", place, Decision.Action.DISCARD);
        decide("d-1", place, Decision.Action.DISCARD);
        await().atMost(LIMIT).until(() -> !outcomes.isEmpty());
        restart();
        engine.standingRoutes().supervise();
        decide("d-1", place, Decision.Action.DISCARD);
        // Comes after the repeated one in its partition, so that the repeated one has been seen when this has.
        decide("d-2", place, Decision.Action.APPROVE);

        await().atMost(LIMIT).untilAsserted(() -> assertThat(outcomes)
                .extracting(outcome -> outcome.at("/value/decision_id").asText())
                .contains("d-2"));
        assertThat(outcomes.stream()
                        .map(outcome -> outcome.path("offset").asLong())
                        .distinct())
                .hasSize(2);
        JsonNode failed = outcomes.get(outcomes.size() - 1).path("value");
        assertThat(failed.path("state").asText()).isEqualTo("REPROCESS_FAILED");
        assertThat(failed.path("reason").asText()).contains("0x00");
    }

    private String notice() {
        engine.standingRoutes().supervise();
        return notices.all().getOrDefault("standingRoutes", "");
    }

    private void restart() throws Exception {
        engine.close();
        engine = engine();
    }

    private void post(String name, byte[] body) throws Problem {
        if (away) {
            throw new Problem.Unreachable("The control plane is away.", null);
        }
        try {
            for (JsonNode record : ControlPlane.JSON.readTree(body).path("records")) {
                (name.equals("dead-letters") ? letters : outcomes).add(record);
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void send(int count) throws Exception {
        DeadLetterCodec codec = new DeadLetterCodec(registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER));
        Batch batch = Batch.output();
        for (int i = 0; i < count; i++) {
            DeadLetter letter = new DeadLetter(
                    "telemetry.raw-0-" + i,
                    "telemetry.raw",
                    0,
                    i,
                    "validate.telemetry",
                    "BAD_FRAME",
                    "not a record",
                    Instant.parse("2026-11-20T08:00:00Z"),
                    null,
                    ByteBuffer.wrap("garbage".getBytes(StandardCharsets.UTF_8)),
                    1,
                    Origin.of("gw-1"));
            batch.add("press-07".getBytes(StandardCharsets.UTF_8), codec.encode(letter), 0, 0);
        }
        engine.write("dlq.telemetry", batch, LIMIT);
    }

    private void decide(String id, LetterPlace letter, Decision.Action action) throws Exception {
        Batch batch = Batch.output();
        batch.add(
                letter.messageId().getBytes(StandardCharsets.UTF_8),
                new Decision(id, letter, action, null, "anna", Instant.parse("2026-11-20T08:01:00Z"))
                        .encode(registry.idFor("dlq.decisions", Schemas.DECISION)),
                0,
                0);
        engine.write("dlq.decisions", batch, LIMIT);
    }

    private RouteEngine engine() throws Exception {
        RouteEngine made = bareEngine();
        addComponents(made);
        return made;
    }

    private RouteEngine bareEngine() throws Exception {
        RouteCounters counters = new RouteCounters();
        Clock clock = Clock.systemUTC();
        return new RouteEngine(
                "gw-1",
                "0",
                folder.resolve("data"),
                Optional.empty(),
                Map.of(),
                stream,
                registry,
                notices,
                new RouteBoard(counters, clock),
                counters,
                clock);
    }

    private void addComponents(RouteEngine made) {
        made.addComponent("uplink", new UplinkComponent(this::post));
        made.addComponent(
                "decide",
                new DecideComponent(
                        new StreamLetters(new StreamReader(broker.bootstrapServers()), new Decoder(registry)),
                        () -> made.reconciler().running(),
                        Clock.systemUTC()));
    }
}
