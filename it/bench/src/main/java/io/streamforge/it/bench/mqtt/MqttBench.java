package io.streamforge.it.bench.mqtt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5RxClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.reactivex.Flowable;
import io.streamforge.it.bench.Arguments;
import io.streamforge.it.bench.BenchBroker;
import io.streamforge.it.bench.Child;
import io.streamforge.it.bench.Limits;
import io.streamforge.it.bench.Measurements;
import io.streamforge.it.bench.Topics;
import io.streamforge.mqtt.peers.Mosquitto;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * {@code ./streamforge bench mqtt}: the shipped adapter route over MQTT, which reads JSON, writes to the stream and acknowledges then, against the bare
 * client library it stands on, which only counts. Both get the same messages of QoS 1 from Mosquitto, in turns within one run, each in a JVM of its own
 * with the same options, and are compared by the CPU of that process per message.
 */
public final class MqttBench {

    private static final List<String> VARIANTS = List.of("route", "bare");
    private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");
    private static final int WARM_UP_ROUNDS = 2;
    private static final int PARTITIONS = 12;
    private static final int ASSETS = 100;

    /** The messages under way between publisher and broker; its own limit, so that the broker's queues stay short. */
    private static final int PUBLISHED_AT_ONCE = 1000;

    private MqttBench() {}

    /** {@code [--json] [--messages N] [--rounds N]}: N messages per variant and round (default 100000), N counted rounds (default 5) after a warm-up. */
    public static void main(String[] options) throws Exception {
        Arguments arguments = Arguments.of(options, "--messages", "--rounds");
        int messages = arguments.number("--messages", 100_000);
        int rounds = arguments.number("--rounds", 5);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Measurements measured = new Measurements();
        Map<String, Child> children = new LinkedHashMap<>();
        try (BenchBroker stream = new BenchBroker();
                Mosquitto broker = new Mosquitto(Files.createTempDirectory("bench-mqtt"), "max_inflight_messages 0")) {
            Topics.create(stream, List.of("telemetry.raw", "events.raw"));
            Mqtt5RxClient publisher = MqttClient.builder()
                    .useMqttVersion5()
                    .serverHost("127.0.0.1")
                    .serverPort(broker.port())
                    .buildRx();
            publisher
                    .connectWith()
                    .restrictions()
                    .sendMaximum(PUBLISHED_AT_ONCE)
                    .applyRestrictions()
                    .applyConnect()
                    .ignoreElement()
                    .blockingAwait();
            try {
                for (String variant : VARIANTS) {
                    Child child = Child.java(
                            JVM_OPTIONS,
                            System.getProperty("java.class.path"),
                            VariantProcess.class.getName(),
                            List.of(
                                    variant,
                                    Integer.toString(broker.port()),
                                    Integer.toString(messages),
                                    stream.bootstrap(),
                                    stream.registry()));
                    children.put(variant, child);
                    child.await("ready");
                }
                while (written(stream) == 0) {
                    // the route starts whether or not its source is there: until it has subscribed nothing comes
                    publish(publisher, "route", 1);
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
                List<String> order = new ArrayList<>(VARIANTS);
                for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                    Collections.rotate(order, 1);
                    for (String variant : order) {
                        Child child = Objects.requireNonNull(children.get(variant));
                        long cpu = child.cpuNanos();
                        long brokerCpu = stream.cpuNanos();
                        long written = written(stream);
                        long start = System.nanoTime();
                        publish(publisher, variant, messages);
                        if (variant.equals("bare")) {
                            child.await("counted");
                        } else {
                            while (written(stream) < written + messages) {
                                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                            }
                        }
                        long wall = System.nanoTime() - start;
                        if (round >= 0) {
                            measured.add(
                                    variant, messages, child.cpuNanos() - cpu, stream.cpuNanos() - brokerCpu, wall);
                        }
                    }
                    out.printf("round %d of %d%n", round + 1, rounds);
                }
            } finally {
                children.values().forEach(Child::close);
                publisher.disconnect().blockingAwait();
            }
        }
        report(out, arguments.json(), measured, messages, rounds);
    }

    private static void publish(Mqtt5RxClient publisher, String variant, int messages) {
        Flowable<Mqtt5Publish> all = Flowable.range(0, messages).map(number -> Mqtt5Publish.builder()
                .topic("bench/%s/machine-%d/temperature".formatted(variant, number % ASSETS))
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("{\"ts\":%d,\"v\":%.1f}"
                        .formatted(System.currentTimeMillis(), 20 + number % 100 / 10.0)
                        .getBytes(StandardCharsets.UTF_8))
                .build());
        publisher.publish(all).ignoreElements().blockingAwait();
    }

    /** How many records the stream has. */
    private static long written(BenchBroker stream) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(
                        number -> new TopicPartition("telemetry.raw", number), number -> OffsetSpec.latest()));
        return stream.admin().listOffsets(asked).all().get().values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    private static void report(PrintStream out, boolean json, Measurements measured, int messages, int rounds)
            throws Exception {
        for (String variant : VARIANTS) {
            out.printf(
                    "%-6s %6.0f ns CPU/message  %8.0f messages/s%n",
                    variant, measured.cpuNanosPerRecord(variant), measured.recordsPerSecond(variant));
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode line = mapper.createObjectNode()
                .put("bench", "mqtt")
                .put("ratio_bare", Measurements.rounded(measured.cpuRatio("bare", "route")))
                .put("messages_per_s", Math.round(measured.recordsPerSecond("route")))
                .put("messages_per_s_bare", Math.round(measured.recordsPerSecond("bare")))
                .put("cpu_ns_route", Math.round(measured.cpuNanosPerRecord("route")))
                .put("cpu_ns_bare", Math.round(measured.cpuNanosPerRecord("bare")))
                .put("messages", messages)
                .put("rounds", rounds);
        if (json) {
            out.println(mapper.writeValueAsString(line));
        }
        new Limits(line).atLeast("ratio_bare", 0.5).check();
    }
}
