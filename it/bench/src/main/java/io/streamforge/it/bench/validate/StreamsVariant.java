package io.streamforge.it.bench.validate;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.StreamsSettings;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Schemas;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** The same checks as a Kafka Streams topology (processor API, the leanest it offers), exactly_once_v2, one stream thread. */
final class StreamsVariant implements AutoCloseable {

    private final KafkaStreams streams;

    StreamsVariant(String bootstrap, String registry) throws Exception {
        Path state = Files.createTempDirectory("bench-streams");
        ConfluentSchemaRegistry schemas =
                new ConfluentSchemaRegistry(List.of(URI.create(registry)), state.resolve("schemas.json"));
        int schemaId = schemas.idFor(ValidateBench.raw("streams"), Schemas.READING);
        DeadLetterCodec deadLetters =
                new DeadLetterCodec(schemas.idFor(ValidateBench.dead("streams"), Schemas.DEAD_LETTER));
        Topology topology = new Topology();
        topology.addSource("raw", ValidateBench.raw("streams"));
        topology.addProcessor("validate", () -> new Checking(new HandChecks(schemaId, deadLetters)), "raw");
        topology.addSink("clean", ValidateBench.clean("streams"), "validate");
        topology.addSink("dead", ValidateBench.dead("streams"), "validate");
        streams = new KafkaStreams(
                topology,
                StreamsSettings.of(ValidateBench.group("streams"), bootstrap, state, ValidateBench.MAX_POLL_RECORDS));
        streams.start();
    }

    private static final class Checking implements Processor<byte[], byte[], byte[], byte[]> {
        private final HandChecks checks;
        private @Nullable ProcessorContext<byte[], byte[]> context;

        private Checking(HandChecks checks) {
            this.checks = checks;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
        }

        @Override
        public void process(Record<byte[], byte[]> read) {
            ProcessorContext<byte[], byte[]> to = java.util.Objects.requireNonNull(context);
            var at = to.recordMetadata().orElseThrow();
            checks.check(new ConsumerRecord<>(at.topic(), at.partition(), at.offset(), read.key(), read.value()));
            byte @Nullable [] dead = checks.dead();
            if (dead != null) {
                to.forward(read.withValue(dead), "dead");
            }
            byte @Nullable [] clean = checks.clean();
            if (clean != null) {
                to.forward(clean == read.value() ? read : read.withValue(clean), "clean");
            }
        }
    }

    @Override
    public void close() {
        streams.close();
    }
}
