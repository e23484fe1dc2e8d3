package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.mqtt.peers.Mosquitto;
import io.streamforge.mqtt.peers.SparkplugEdge;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against npm's sparkplug-client as an edge node, over Mosquitto. */
class SparkplugIT {

    private static final String BIRTH = """
            {"nbirth":{"timestamp":1763712000000,"metrics":[
               {"name":"Node Control/Rebirth","type":"Boolean","value":false},
               {"name":"Load","alias":1,"type":"Float","value":0.1}]},
             "dbirth":{"device":"press-07","payload":{"timestamp":1763712000000,"metrics":[
               {"name":"Motor/Speed","alias":2,"type":"Int16","value":-5,"properties":{"engUnit":{"type":"String","value":"1/min"}}},
               {"name":"Count","alias":3,"type":"UInt64","value":7},
               {"name":"Running","alias":4,"type":"Boolean","value":true},
               {"name":"Mode","alias":5,"type":"String","value":"AUTO"}]}}}""";

    private final List<Sample> taken = new CopyOnWriteArrayList<>();

    @Test
    void birthsNameWhatAliasesMeanGapsAndDeathsMarkAndARebirthMends(@TempDir Path folder) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder);
                DefaultCamelContext context = new DefaultCamelContext()) {
            MqttConsumer consumer = route(context, broker);
            try (SparkplugEdge edge = new SparkplugEdge(broker.port(), "Plant1", "edge-1")) {
                edge.command(BIRTH);
                atMost().until(() -> taken.size() == 5);
                assertThat(taken)
                        .extracting(Sample::asset, Sample::parameter, Sample::value, Sample::unit, Sample::quality)
                        .containsExactly(
                                tuple("edge-1", "Load", new Value.Real(0.1), "", Quality.GOOD),
                                tuple("press-07", "Motor.Speed", new Value.Whole(-5), "1/min", Quality.GOOD),
                                tuple("press-07", "Count", new Value.Whole(7), "", Quality.GOOD),
                                tuple("press-07", "Running", new Value.Flag(true), "", Quality.GOOD),
                                tuple("press-07", "Mode", new Value.Text("AUTO"), "", Quality.GOOD));
                assertThat(taken).extracting(Sample::deviceTime).containsOnly(Instant.parse("2025-11-21T08:00:00Z"));

                // only the alias says which metric it is
                ddata(edge, "{\"alias\":2,\"type\":\"Int16\",\"value\":1480,\"timestamp\":1763712001000}");
                atMost().until(() -> taken.size() == 6);
                assertThat(last().value()).isEqualTo(new Value.Whole(1480));
                assertThat(last().parameter()).isEqualTo("Motor.Speed");
                assertThat(last().deviceTime()).isEqualTo("2025-11-21T08:00:01Z");

                // a hole in the sequence: uncertain, and the births are asked for, which mend it
                edge.command("{\"skip\":3}");
                ddata(edge, "{\"alias\":2,\"type\":\"Int16\",\"value\":1481}");
                atMost().until(() -> taken.size() == 12);
                assertThat(taken.get(6).quality()).isEqualTo(Quality.UNCERTAIN);
                assertThat(taken.get(6).reason()).isEqualTo("sequence gap: expected 3, got 6, births were asked for");
                assertThat(consumer.counters().errors()).containsEntry(Counts.SEQUENCE, 1L);
                ddata(edge, "{\"alias\":2,\"type\":\"Int16\",\"value\":1482}");
                atMost().until(() -> taken.size() == 13);
                assertThat(last().quality()).isEqualTo(Quality.GOOD);

                edge.command("{\"ddeath\":\"press-07\"}");
                atMost().until(() -> taken.size() == 17);
                assertThat(taken.subList(13, 17))
                        .allMatch(sample -> sample.quality() == Quality.BAD && sample.value() == null)
                        .allMatch(sample -> String.valueOf(sample.reason()).startsWith("DDEATH"));
            }
            // the edge node is gone: its will says so
            atMost().until(() -> taken.size() == 18);
            assertThat(last().parameter()).isEqualTo("Load");
            assertThat(last().reason()).startsWith("NDEATH");
        }
    }

    @Test
    void whoComesLateAsksForTheBirths(@TempDir Path folder) throws Exception {
        try (Mosquitto broker = new Mosquitto(folder, "log_type all");
                SparkplugEdge edge = new SparkplugEdge(broker.port(), "Plant1", "edge-1");
                DefaultCamelContext context = new DefaultCamelContext()) {
            edge.command(BIRTH);
            atMost().until(() -> broker.log()
                    .lines()
                    .anyMatch(line -> line.contains("Received PUBLISH") && line.contains("/DBIRTH/")));
            MqttConsumer consumer = route(context, broker);
            ddata(edge, "{\"alias\":3,\"type\":\"UInt64\",\"value\":8}");
            atMost().until(() -> taken.size() == 5);
            assertThat(consumer.counters().errors()).containsKey(Counts.NO_BIRTH);
            ddata(edge, "{\"alias\":3,\"type\":\"UInt64\",\"value\":9}");
            atMost().until(() -> taken.size() == 6);
            assertThat(last().value()).isEqualTo(new Value.Whole(9));

            // a death that belongs to another session is none of this one's
            broker.publish("spBv1.0/Plant1/NDEATH/edge-1", "");
            atMost().until(() -> consumer.counters().errors().containsKey(Counts.OLD_DEATH));
            assertThat(taken).hasSize(6);
        }
    }

    private static void ddata(SparkplugEdge edge, String metric) {
        edge.command("{\"ddata\":{\"device\":\"press-07\",\"payload\":{\"timestamp\":1763712002000,\"metrics\":[%s]}}}"
                .formatted(metric));
    }

    private MqttConsumer route(DefaultCamelContext context, Mosquitto broker) throws Exception {
        context.getRegistry()
                .bind(
                        "points",
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\":\"{metric}\",\"topic\":\"spBv1.0/Plant1/#\",\"format\":\"sparkplug\"}]"));
        context.start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("mqtt-source:127.0.0.1:%d?points=#bean:points&clientId=host".formatted(broker.port()))
                        .routeId("host")
                        .process(exchange -> {
                            List<Sample> samples = new ArrayList<>();
                            for (Object observation : exchange.getMessage().getBody(List.class)) {
                                samples.add((Sample) observation);
                            }
                            taken.addAll(samples);
                        });
            }
        });
        MqttConsumer consumer = (MqttConsumer) context.getRoute("host").getConsumer();
        atMost().until(consumer::isConnected);
        return consumer;
    }

    private Sample last() {
        return taken.get(taken.size() - 1);
    }

    private static ConditionFactory atMost() {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
    }
}
