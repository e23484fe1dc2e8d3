package io.streamforge.mqtt;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.mqtt.Link.Subscription;
import io.streamforge.mqtt.MqttConfig.Retained;
import io.streamforge.mqtt.MqttConfig.Version;
import io.streamforge.mqtt.peers.Mosquitto;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** MQTT 5 against Mosquitto, with mosquitto_pub as a device that sends both points in one document. */
class MqttContractIT extends AdapterContractIT {

    private static final String TOPIC = "contract";

    private final Path folder;
    private @Nullable Mosquitto broker;
    private @Nullable Process publisher;
    private @Nullable ScheduledExecutorService clock;
    private final AtomicInteger published = new AtomicInteger();
    private volatile String fragile = "17";

    MqttContractIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    protected int startDevice(int port) throws IOException {
        Mosquitto started = new Mosquitto(folder, port);
        broker = started;
        Process device = new ProcessBuilder(
                        "mosquitto_pub",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(started.port()),
                        "-t",
                        TOPIC,
                        "-q",
                        "1",
                        "-l")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        publisher = device;
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
        clock = ticks;
        OutputStream lines = device.getOutputStream();
        ticks.scheduleAtFixedRate(
                () -> {
                    try {
                        lines.write("{\"steady\":241,\"fragile\":%s}\n"
                                .formatted(fragile)
                                .getBytes(StandardCharsets.UTF_8));
                        lines.flush();
                        published.incrementAndGet();
                    } catch (IOException e) {
                        ticks.shutdown();
                    }
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (clock != null) {
            clock.shutdownNow();
        }
        if (publisher != null) {
            publisher.destroyForcibly();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Override
    protected void breakFragile() {
        fragile = "\"broken\"";
    }

    @Override
    protected void mendFragile() {
        fragile = "18";
    }

    @Override
    protected String endpoint(int port) {
        context.getRegistry().bind("contract.points", json("""
                [{"name":"steady","topic":"contract","path":"$.steady","type":"integer"},
                 {"name":"fragile","topic":"contract","path":"$.fragile","type":"integer"}]"""));
        return "mqtt-source:127.0.0.1:%d?points=#bean:contract.points&clientId=contract&keepAliveS=1&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(port);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    protected void converse(int port) throws Exception {
        try (Link link = Link.to(config(port), 10, new Link.Listener() {
            @Override
            public void received(String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge) {
                acknowledge.run();
            }

            @Override
            public void disconnected(String reason) {}
        })) {
            link.connect();
            link.subscribe(List.of(new Subscription(TOPIC, 1)));
        }
    }

    private static MqttConfig config(int port) {
        return new MqttConfig(
                "127.0.0.1",
                port,
                "",
                Version.V5,
                null,
                "",
                "",
                "conversation",
                Duration.ZERO,
                Duration.ofSeconds(1),
                10,
                65_536,
                EpochUnit.MS,
                Retained.TAKE,
                Duration.ofMillis(100),
                Duration.ofMillis(200));
    }

    /** What waits goes together. */
    @Override
    protected boolean readsTogether() {
        return false;
    }

    @Override
    protected int mostInOneExchange() {
        return 5000;
    }

    /** The broker keeps what cannot be taken. */
    @Override
    protected void overload() {
        int before = published.get();
        await().until(() -> published.get() >= before + 10);
    }
}
