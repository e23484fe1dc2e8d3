package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.PointWriter;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.mqtt.peers.Mosquitto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Mosquitto; mosquitto_sub and mosquitto_pub with a pipe between them are a device that does as it is told, or does not. */
class MqttWriteIT {

    private static final int SPEED = 0;
    private static final int ON = 1;
    private static final String POINTS = """
            [{"name":"speed","topic":"press/state","path":"$.speed","scale":0.1,"writable":true,
              "writeTopic":"press/set","writeTemplate":"{\\"speed\\":{value}}"},
             {"name":"on","topic":"press/on","format":"plain","type":"bool","asset":"press-07","writable":true,
              "writeTopic":"press/on/set"}]""";

    private final Path folder;
    private final CamelContext context = new DefaultCamelContext();
    private final List<Process> devices = new ArrayList<>();

    MqttWriteIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void stop() {
        context.stop();
        for (Process device : devices) {
            device.descendants().forEach(ProcessHandle::destroyForcibly);
            device.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "3.1.1"})
    void aCommandIsDoneWhenTheDeviceSaysSo(String version) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "log_type all")) {
            PointWriter writer = writer(broker, "&timeoutMs=20000&protocolVersion=" + version);
            Sample unknown = writer.read(List.of(SPEED)).get(0);
            assertThat(unknown.quality()).isEqualTo(Quality.BAD);
            assertThat(unknown.reason()).isEqualTo("nothing has come since the broker was connected");

            device(broker, "press/set", "cat", "press/state");
            device(broker, "press/on/set", "cat", "press/on");
            assertThat(writer.write(SPEED, new Value.Real(24.1))).isEqualTo(new Value.Real(24.1));
            assertThat(writer.write(ON, new Value.Flag(true))).isEqualTo(new Value.Flag(true));
            assertThat(writer.write(SPEED, new Value.Whole(30))).isEqualTo(new Value.Real(30));
            assertThat(writer.read(List.of(ON, SPEED)))
                    .extracting(Sample::value)
                    .containsExactly(new Value.Flag(true), new Value.Real(30));
            assertThatThrownBy(() -> writer.write(ON, new Value.Text("maybe")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("must be true, false, 1 or 0, got 'maybe'");
        }
    }

    @Test
    void aDeviceThatDoesSomethingElseOrNothingIsSeen() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "log_type all")) {
            PointWriter writer = writer(broker, "&timeoutMs=2000");
            assertThatThrownBy(() -> writer.write(SPEED, new Value.Real(24.1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the broker has it, but no value came on 'press/state' within 2000 ms");
            device(broker, "press/set", "sed -u s/241/100/", "press/state");
            assertThat(writer.write(SPEED, new Value.Real(24.1))).isEqualTo(new Value.Real(24.1));
            assertThat(writer.read(List.of(SPEED)).get(0).value()).isEqualTo(new Value.Real(10));
        }
    }

    @Test
    void aBrokerThatRefusesIsNamedWithItsCode() throws Exception {
        Path rights = Files.writeString(folder.resolve("acl"), "topic read #\n");
        try (Mosquitto broker = new Mosquitto(folder, "acl_file " + rights)) {
            PointWriter writer = writer(broker, "&timeoutMs=20000");
            assertThatThrownBy(() -> writer.write(SPEED, new Value.Real(24.1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the broker refused: 0x87 NOT_AUTHORIZED");
        }
    }

    @Test
    void withoutAConnectionNothingIsKnownAndNothingIsSent() throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "log_type all")) {
            PointWriter writer = writer(broker, "&timeoutMs=1000");
            broker.publish("press/on", "1");
            atMost(() -> writer.read(List.of(ON)).get(0).quality() == Quality.GOOD);
            broker.kill();
            atMost(() -> writer.read(List.of(ON)).get(0).quality() == Quality.BAD);
            assertThatThrownBy(() -> writer.write(ON, new Value.Flag(false)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("MQTT broker 127.0.0.1:%d is not connected".formatted(broker.port()));
        }
    }

    /** @param deed a filter of lines: a command in, a state out */
    private void device(Mosquitto broker, String from, String deed, String to) throws IOException {
        devices.add(new ProcessBuilder(
                        "bash",
                        "-c",
                        "mosquitto_sub -h 127.0.0.1 -p %1$d -q 1 -t %2$s | %3$s | mosquitto_pub -h 127.0.0.1 -p %1$d -i %4$s -q 1 -t %4$s -l"
                                .formatted(broker.port(), from, deed, to))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
        atMost(() -> broker.log().contains(from + " (QoS 1)") && broker.log().contains(" as " + to + " ("));
    }

    private PointWriter writer(Mosquitto broker, String options) throws Exception {
        context.getRegistry().bind("points", new ObjectMapper().readTree(POINTS));
        context.getRegistry().bind("origin", new io.streamforge.model.Origin("gw-1", "a-1", "mqtt-source@1", 1, 1));
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("mqtt-source:127.0.0.1:%d?points=#bean:points&origin=#bean:origin%s"
                                .formatted(broker.port(), options))
                        .routeId("route")
                        .process(exchange -> {});
            }
        });
        MqttConsumer consumer = (MqttConsumer) context.getRoute("route").getConsumer();
        atMost(consumer::isConnected);
        return PointWriter.of(consumer).orElseThrow();
    }

    private static void atMost(java.util.concurrent.Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
