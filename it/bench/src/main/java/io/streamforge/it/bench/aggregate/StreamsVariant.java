package io.streamforge.it.bench.aggregate;

import io.streamforge.it.bench.StreamsSettings;
import io.streamforge.model.Aggregate.QualitySummary;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.AggregateCodec;
import io.streamforge.model.ReadingView;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * The same windows in Kafka Streams: processor API (no repartitioning), an in-memory window store with its cache and changelog as its DSL makes
 * them, exactly_once_v2, one stream thread.
 */
final class StreamsVariant implements AutoCloseable {

    private static final String STORE = "windows";
    private static final Duration RETENTION = Duration.ofMinutes(1);

    private final KafkaStreams streams;

    StreamsVariant(String bootstrap, Path state, int readingSchemaId, int aggregateSchemaId) {
        Topology topology = new Topology();
        topology.addSource("clean", AggregateBench.clean("streams"));
        topology.addProcessor("aggregate", () -> new Aggregating(readingSchemaId, aggregateSchemaId), "clean");
        topology.addStateStore(
                Stores.windowStoreBuilder(
                                Stores.inMemoryWindowStore(
                                        STORE, RETENTION, Duration.ofNanos(HandWindows.RESOLUTION * 1_000), false),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingEnabled(),
                "aggregate");
        topology.addSink("windows", AggregateBench.windows("streams"), "aggregate");
        streams = new KafkaStreams(
                topology,
                StreamsSettings.of(AggregateBench.group("streams"), bootstrap, state, AggregateBench.MAX_POLL_RECORDS));
        streams.start();
    }

    private static final class Aggregating implements Processor<byte[], byte[], byte[], byte[]> {

        private static final int STATE = 8 * Double.BYTES;

        private final ReadingView view;
        private final AggregateCodec codec;
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable WindowStore<Bytes, byte[]> store;

        private Aggregating(int readingSchemaId, int aggregateSchemaId) {
            this.view = new ReadingView(readingSchemaId);
            this.codec = new AggregateCodec(aggregateSchemaId);
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> processorContext) {
            context = processorContext;
            store = processorContext.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> read) {
            WindowStore<Bytes, byte[]> windows = Objects.requireNonNull(store);
            view.wrap(read.value());
            long startMs = Math.floorDiv(view.timeMicros(), HandWindows.RESOLUTION) * (HandWindows.RESOLUTION / 1_000);
            byte[] bytes = view.bytes();
            // Asset and parameter stand side by side in the record.
            Bytes series = Bytes.wrap(
                    Arrays.copyOfRange(bytes, view.assetOffset(), view.parameterOffset() + view.parameterLength()));
            double value = view.doubleValue();
            byte[] known = windows.fetch(series, startMs);
            ByteBuffer state = ByteBuffer.allocate(STATE);
            if (known == null) {
                long before = startMs - HandWindows.RESOLUTION / 1_000;
                byte[] done = windows.fetch(series, before);
                if (done != null) {
                    ProcessorContext<byte[], byte[]> to = Objects.requireNonNull(context);
                    long revision = to.recordMetadata().orElseThrow().offset() - 1;
                    to.forward(read.withValue(encode(ByteBuffer.wrap(done), before * 1_000, revision)));
                }
                state.putLong(1)
                        .putDouble(value)
                        .putDouble(value * value)
                        .putDouble(value)
                        .putDouble(value);
                state.putDouble(value).putDouble(value).putLong(1);
            } else {
                ByteBuffer old = ByteBuffer.wrap(known);
                state.putLong(old.getLong() + 1);
                state.putDouble(old.getDouble() + value).putDouble(old.getDouble() + value * value);
                state.putDouble(Math.min(old.getDouble(), value)).putDouble(Math.max(old.getDouble(), value));
                state.putDouble(old.getDouble()).putDouble(value);
                old.getDouble();
                state.putLong(old.getLong() + 1);
            }
            windows.put(series, state.array(), startMs);
        }

        private byte[] encode(ByteBuffer state, long start, long revision) {
            byte[] bytes = view.bytes();
            long count = state.getLong();
            double sum = state.getDouble();
            double squares = state.getDouble();
            double avg = sum / count;
            double stddev = Math.sqrt(Math.max(0, squares / count - avg * avg));
            return codec.encode(
                    Arrays.copyOfRange(bytes, view.assetOffset(), view.assetOffset() + view.assetLength()),
                    Arrays.copyOfRange(bytes, view.parameterOffset(), view.parameterOffset() + view.parameterLength()),
                    Arrays.copyOfRange(bytes, view.unitOffset(), view.unitOffset() + view.unitLength()),
                    Arrays.copyOfRange(bytes, view.originOffset(), bytes.length),
                    HandWindows.RESOLUTION / 1_000,
                    start,
                    start + HandWindows.RESOLUTION,
                    new Statistics(
                            avg,
                            state.getDouble(),
                            state.getDouble(),
                            count,
                            stddev,
                            state.getDouble(),
                            state.getDouble()),
                    new QualitySummary(state.getLong(), 0, 0, 100),
                    revision,
                    0,
                    null);
        }
    }

    @Override
    public void close() {
        streams.close();
    }
}
