package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Batch;
import io.streamforge.model.Position;
import io.streamforge.model.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTransactionsIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path data;

    private static EmbeddedBroker broker;
    private static TestStream stream;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data.resolve("broker"), 0, 0, 0);
        BackboneTopics.ensure(broker.bootstrapServers(), 1, Duration.ofSeconds(60));
        stream = new TestStream(broker.bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        stream.close();
        broker.close();
    }

    @Test
    void recordsAndPositionComeTogetherAndAPositionThatIsThereIsNotSentAgain() throws Exception {
        String topic = stream.topic("once");
        try (SharedClients clients = clients();
                SourceTransactions sources = new SourceTransactions(clients)) {
            assertThat(sources.last("files-1")).isNull();
            sources.send(topic, batch("a"), new Position("files-1", "row 1"));
            assertThat(sources.last("files-1")).isEqualTo("row 1");
            sources.release("files-1");
            sources.send(topic, batch("a"), new Position("files-1", "row 1"));
            sources.send(topic, batch("b"), new Position("files-1", "row 2"));
            assertThat(sources.last("files-2")).as("another's").isNull();
        }
        assertThat(stream.read(topic)).isEqualTo(Map.of("asset", List.of("a", "b")));
    }

    @Test
    void whoeverAsksLastShutsOutTheOneBeforeAndWhatThatOneDidNotCommitIsGone() throws Exception {
        String topic = stream.topic("handed-over");
        try (SharedClients clients = clients();
                SourceTransactions before = new SourceTransactions(clients);
                SourceTransactions after = new SourceTransactions(clients)) {
            before.send(topic, batch("a"), new Position("files-3", "row 1"));
            assertThat(after.last("files-3")).isEqualTo("row 1");
            assertThatThrownBy(() -> before.send(topic, batch("lost"), new Position("files-3", "row 2")))
                    .isInstanceOf(Output.SendFailedException.class);
            after.send(topic, batch("b"), new Position("files-3", "row 2"));
        }
        assertThat(stream.read(topic)).isEqualTo(Map.of("asset", List.of("a", "b")));
    }

    @Test
    void aPositionThatIsUndecidedIsNotTakenForNone() throws Exception {
        String topic = stream.topic("undecided");
        try (SharedClients clients = clients();
                SourceTransactions sources = new SourceTransactions(clients);
                Producer<byte[], byte[]> other =
                        KafkaClients.transactionalProducer(broker.bootstrapServers(), "other")) {
            sources.send(topic, batch("a"), new Position("files-5", "row 1"));
            sources.release("files-5");
            other.initTransactions();
            other.beginTransaction();
            other.sendOffsetsToTransaction(
                    Map.of(new TopicPartition("telemetry.raw", 0), new OffsetAndMetadata(0, "row 2")),
                    new ConsumerGroupMetadata("gw-files-5"));
            assertThatThrownBy(() -> sources.last("files-5"))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("undecided");
            other.abortTransaction();
            assertThat(sources.last("files-5")).isEqualTo("row 1");
        }
    }

    @Test
    void anExchangeWithAPositionIsOneTransactionOfItsRoute() throws Exception {
        String topic = stream.topic("route");
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(broker.bootstrapServers());
        backbone.setGatewayId("gw");
        try (CamelContext context = new DefaultCamelContext()) {
            context.addComponent("backbone", backbone);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").to("backbone:" + topic);
                }
            });
            context.start();
            for (String text : List.of("row 1", "row 1", "row 2")) {
                context.createProducerTemplate().send("direct:in", exchange -> {
                    exchange.getMessage().setBody(batch(text));
                    exchange.setProperty(Position.PROPERTY, new Position("files-4", text));
                });
            }
            assertThat(backbone.sourcePositions().last("files-4")).isEqualTo("row 2");
        }
        assertThat(stream.read(topic)).isEqualTo(Map.of("asset", List.of("row 1", "row 2")));
    }

    private static SharedClients clients() {
        return new SharedClients(broker::bootstrapServers, () -> "gw", () -> "0");
    }

    private static Batch batch(String value) {
        Batch batch = Batch.output();
        batch.add("asset".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), 0, 0);
        return batch;
    }
}
