package io.streamforge.backbone;

import io.streamforge.model.Batch;
import io.streamforge.model.Position;
import io.streamforge.model.SourcePositions;
import io.streamforge.model.UnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sends exchanges of sources that know how far they are: an exchange's records and its {@link Position} in one transaction. The position stands where the
 * stream keeps those of its readers, as the note beside an offset that means nothing, in a group of the source's own: it lives as long as those do.
 *
 * <p>Each source has a producer of its own, from its first question or exchange until it is released or fails. Making it ends what a former one
 * left open, in this process or in a killed one; only then is the position asked for. So an exchange whose commit was never answered for is known when it
 * comes again.
 */
final class SourceTransactions implements SourcePositions, AutoCloseable {

    /** Any partition will do, but always the same. */
    private static final TopicPartition PLACE = new TopicPartition("telemetry.raw", 0);

    private static final int ANSWER_LIMIT_MS = 10_000;

    private final SharedClients clients;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    SourceTransactions(SharedClients clients) {
        this.clients = clients;
    }

    @Override
    public @Nullable String last(String source) {
        try {
            return line(source).last();
        } catch (RuntimeException e) {
            throw new UnavailableException("the stream does not say what it has: " + Failures.describe(e), e);
        }
    }

    /** Returns when the stream has the batch, also if it had it before. */
    void send(String topic, Batch batch, Position position) {
        line(position.source()).send(topic, batch, position.text());
    }

    @Override
    public void release(String source) {
        Line line = lines.get(source);
        if (line != null) {
            line.release();
        }
    }

    @Override
    public void close() {
        lines.values().forEach(Line::release);
    }

    private Line line(String source) {
        return lines.computeIfAbsent(source, name -> new Line("%s-%s".formatted(clients.gatewayId(), name)));
    }

    /** One source's way into the stream. */
    private final class Line {

        /** Of the transactions, and of the group: not of the process, so that a source that moves to another takes its position with it. */
        private final String name;

        private final ReentrantLock busy = new ReentrantLock();
        private @Nullable Producer<byte[], byte[]> producer;
        private @Nullable String last;

        Line(String name) {
            this.name = name;
        }

        @Nullable
        String last() {
            busy.lock();
            try {
                begun();
                return last;
            } finally {
                busy.unlock();
            }
        }

        void send(String topic, Batch batch, String position) {
            busy.lock();
            try {
                Producer<byte[], byte[]> open = begun();
                if (position.equals(last)) {
                    return;
                }
                open.beginTransaction();
                for (int i = 0; i < batch.size(); i++) {
                    open.send(new ProducerRecord<>(topic, batch.key(i), batch.value(i)));
                }
                open.sendOffsetsToTransaction(
                        Map.of(PLACE, new OffsetAndMetadata(0, position)), new ConsumerGroupMetadata(name));
                open.commitTransaction();
                last = position;
            } catch (RuntimeException e) {
                end();
                throw new Output.SendFailedException(e);
            } finally {
                busy.unlock();
            }
        }

        private Producer<byte[], byte[]> begun() {
            Producer<byte[], byte[]> open = producer;
            if (open == null) {
                open = KafkaClients.transactionalProducer(clients.bootstrapServers(), name);
                producer = open;
                try {
                    open.initTransactions();
                    last = committed();
                } catch (RuntimeException e) {
                    end();
                    throw e;
                }
            }
            return open;
        }

        private @Nullable String committed() {
            Admin admin = clients.admin();
            try {
                Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(
                                Map.of(name, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(PLACE))),
                                new ListConsumerGroupOffsetsOptions()
                                        .requireStable(true)
                                        .timeoutMs(ANSWER_LIMIT_MS))
                        .partitionsToOffsetAndMetadata(name)
                        .get();
                // The client leaves out what it was not told, and has null where there is no position.
                if (!found.containsKey(PLACE)) {
                    throw new UnavailableException("a transaction that moves its position is undecided", null);
                }
                OffsetAndMetadata position = found.get(PLACE);
                return position == null ? null : position.metadata();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("interrupted", e);
            } catch (ExecutionException e) {
                if (Failures.unanswered(e.getCause())) {
                    clients.unanswered(admin);
                }
                throw new UnavailableException("its positions cannot be read", e.getCause());
            }
        }

        void release() {
            if (busy.tryLock()) {
                try {
                    end();
                } finally {
                    busy.unlock();
                }
            }
        }

        private void end() {
            Producer<byte[], byte[]> ended = producer;
            producer = null;
            if (ended != null) {
                ended.close(KafkaClients.AT_ONCE);
            }
        }
    }
}
