package io.streamforge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.mqtt.Link.Refusal;
import io.streamforge.mqtt.MqttConfig.Retained;
import io.streamforge.mqtt.MqttConfig.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects with a session of its own, subscribes and shows what comes until each row has seen something, at most as long as the time-out. It takes no
 * message from the running adapter and none from those who share a subscription.
 */
public final class MqttTester implements ConnectionTester {

    /** More signals than this nobody reads. */
    private static final int MOST_SHOWN = 100;

    @Override
    public String connector() {
        return "mqtt-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        MqttConfig config = config(properties);
        List<Row> rows = Row.readAll(points);
        long started = System.nanoTime();
        Watch watch = new Watch(rows, config);
        Optional<String> fault;
        try (Link link = Link.to(config, config.receiveMaximum(), watch)) {
            link.connect();
            List<Refusal> refusals = link.subscribe(Topics.of(rows, false));
            watch.complete.await(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
            fault = refusals.isEmpty()
                    ? Optional.ofNullable(watch.lost).or(watch.mapper::fault)
                    : Optional.of("Topic '%s' is refused: %s."
                            .formatted(refusals.get(0).filter(), refusals.get(0).reason()));
        } catch (IOException e) {
            fault = Optional.of("MQTT broker %s: %s.".formatted(config.broker(), e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fault = Optional.of("The test was interrupted.");
        }
        return new Outcome(watch.samples(config.timeout()), fault, Duration.ofNanos(System.nanoTime() - started));
    }

    static MqttConfig config(JsonNode properties) {
        return new MqttConfig(
                properties.path("host").asText(""),
                properties.path("port").asInt(MqttConfig.DEFAULT_PORT),
                properties.path("webSocketPath").asText(""),
                MqttEndpoint.choice(
                        "protocolVersion",
                        properties.path("protocolVersion").asText(Version.V5.key()),
                        Version.values(),
                        Version::key),
                MqttEndpoint.tls(
                        properties.path("tls").asBoolean(false),
                        properties.path("caFile").asText(""),
                        properties.path("certificateFile").asText(""),
                        properties.path("keyFile").asText("")),
                properties.path("user").asText(""),
                properties.path("password").asText(""),
                "streamforge-test-" + UUID.randomUUID(),
                Duration.ZERO,
                Duration.ofSeconds(properties.path("keepAliveS").asInt(MqttConfig.DEFAULT_KEEP_ALIVE_S)),
                properties.path("receiveMaximum").asInt(MqttConfig.DEFAULT_RECEIVE_MAXIMUM),
                properties.path("maxMessageBytes").asInt(MqttConfig.DEFAULT_MAX_MESSAGE_BYTES),
                MqttEndpoint.choice(
                        "epochUnit",
                        properties.path("epochUnit").asText(EpochUnit.MS.key()),
                        EpochUnit.values(),
                        EpochUnit::key),
                MqttEndpoint.choice(
                        "retained",
                        properties.path("retained").asText(Retained.TAKE.key()),
                        Retained.values(),
                        Retained::key),
                Duration.ofMillis(properties.path("timeoutMs").asLong(MqttConfig.DEFAULT_TIMEOUT_MS)),
                Duration.ofMillis(MqttConfig.DEFAULT_RECONNECT_MAX_DELAY_MS));
    }

    /** Looks at what comes; the last sample of each signal is shown. */
    private static final class Watch implements Link.Listener {

        private final List<Row> rows;
        private final Mapper mapper;
        private final CountDownLatch complete = new CountDownLatch(1);
        private final Map<String, Sample> seen = new LinkedHashMap<>();
        private final boolean[] heard;
        private volatile @Nullable String lost;

        Watch(List<Row> rows, MqttConfig config) {
            this.rows = rows;
            this.heard = new boolean[rows.size()];
            // a test commands nothing: an edge node's births come when they come
            this.mapper = new Mapper(rows, config.epochUnit(), new Counts(), (topic, command) -> {});
        }

        @Override
        public synchronized void received(
                String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge) {
            acknowledge.run();
            List<Observation> observations = mapper.map(new Message(topic, payload, retained, now()));
            for (Observation observation : observations) {
                if (observation instanceof Sample sample && seen.size() < MOST_SHOWN) {
                    seen.put(sample.asset() + "/" + sample.parameter(), sample);
                }
            }
            boolean all = true;
            for (Row row : rows) {
                heard[row.index()] |= row.topic().match(topic) != null;
                all &= heard[row.index()];
            }
            if (all) {
                complete.countDown();
            }
        }

        @Override
        public void disconnected(String reason) {
            lost = "The broker ended the connection: %s.".formatted(reason);
            complete.countDown();
        }

        synchronized List<Sample> samples(Duration waited) {
            List<Sample> samples = new ArrayList<>(seen.values());
            for (Row row : rows) {
                String missing = mapper.missing(row.index());
                if (!heard[row.index()]) {
                    samples.add(none(row, "no message within %d ms".formatted(waited.toMillis())));
                } else if (missing != null) {
                    samples.add(none(row, missing));
                }
            }
            return samples;
        }

        private static Sample none(Row row, String reason) {
            return new Sample(
                    null,
                    row.topic().subscription(),
                    null,
                    row.payload().unit(),
                    Classification.TELEMETRY,
                    Quality.UNCERTAIN,
                    reason,
                    null,
                    now());
        }

        private static Instant now() {
            return Instant.now().truncatedTo(ChronoUnit.MICROS);
        }
    }
}
