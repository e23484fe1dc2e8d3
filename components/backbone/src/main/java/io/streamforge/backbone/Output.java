package io.streamforge.backbone;

import io.streamforge.model.Batch;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a stream route's results go: they are sent at once and answered for at the commit, together with the offsets they were made from.
 * The route's consumer owns it and every {@code backbone:} producer of the route sends through it, on the route's own thread.
 */
abstract sealed class Output implements AutoCloseable {

    /** The exchange property by which a producer finds the output of the route it stands in. */
    static final String PROPERTY = "StreamForgeOutput";

    private final Thread owner = Thread.currentThread();
    private Acknowledgements acknowledgements = new Acknowledgements();
    private boolean muted;
    private @Nullable Replay replay;

    /** Drops what is sent from now on: while state is rebuilt, results that were sent long ago come up again. */
    final void mute(boolean muted) {
        this.muted = muted;
    }

    /** Sends results from now on where the replay says, and none of them to the live path. */
    final void replaying(Replay replay) {
        this.replay = replay;
    }

    final void send(String topic, Batch batch) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException(
                    "A batch for '%s' arrived on thread '%s', but its route runs on '%s' and commits there. Remove what hops threads from the route (seda, threads, wireTap, parallel)."
                            .formatted(topic, Thread.currentThread().getName(), owner.getName()));
        }
        String target = replay == null ? topic : replay.target(topic);
        if (muted || target == null) {
            return;
        }
        Producer<byte[], byte[]> producer = begun();
        for (int i = 0; i < batch.size(); i++) {
            producer.send(new ProducerRecord<>(target, batch.key(i), batch.value(i)), acknowledgements);
        }
        check();
    }

    /** Throws if a record sent in this cycle is known to have failed. */
    final void check() {
        acknowledgements.check();
    }

    /**
     * Waits until everything sent is acknowledged and commits it with the offsets. After an exception nothing may be taken as committed.
     *
     * @param offsets where each partition goes on, only those that changed
     */
    abstract void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<byte[], byte[]> consumer);

    /** Gives up what was sent since the last commit, because of the cause. If this fails too, the output must be closed and made anew. */
    abstract void abort(Throwable cause);

    @Override
    public abstract void close();

    /** The producer, ready to send within the current cycle. */
    abstract Producer<byte[], byte[]> begun();

    /** The first failure of the current cycle, or null. */
    final @Nullable Exception failure() {
        return acknowledgements.failure;
    }

    final void flush(Producer<byte[], byte[]> producer) {
        producer.flush();
        check();
    }

    final void forgetAcknowledgements() {
        acknowledgements = new Acknowledgements();
    }

    /** One object for all sends of a cycle: it keeps the first failure; a late answer of an aborted cycle reaches nobody. */
    private static final class Acknowledgements implements Callback {
        private volatile @Nullable Exception failure;

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception != null && failure == null) {
                failure = exception;
            }
        }

        void check() {
            Exception first = failure;
            if (first != null) {
                throw Failures.canBeTheRecords(first) ? new RefusedException(first) : new SendFailedException(first);
            }
        }
    }

    /** The stream did not take a record; the cause says why. */
    static class SendFailedException extends RuntimeException {
        SendFailedException(Exception cause) {
            super("The stream did not take a record: " + cause.getMessage(), cause);
        }
    }

    /** The stream did not take a record, and that is the record's fault. */
    static final class RefusedException extends SendFailedException {
        RefusedException(Exception cause) {
            super(cause);
        }
    }

    /** Results and offsets become visible together or not at all. */
    static final class Transactional extends Output {
        private final Producer<byte[], byte[]> producer;
        private boolean open;

        Transactional(Producer<byte[], byte[]> producer) {
            this.producer = producer;
            try {
                producer.initTransactions();
            } catch (RuntimeException e) {
                producer.close(KafkaClients.AT_ONCE);
                throw e;
            }
        }

        @Override
        Producer<byte[], byte[]> begun() {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
            return producer;
        }

        @Override
        void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<byte[], byte[]> consumer) {
            if (!open && offsets.isEmpty()) {
                return;
            }
            flush(begun());
            if (!offsets.isEmpty()) {
                producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            }
            producer.commitTransaction();
            open = false;
            forgetAcknowledgements();
        }

        @Override
        void abort(Throwable cause) {
            if (open) {
                producer.abortTransaction();
                open = false;
            }
            forgetAcknowledgements();
        }

        @Override
        public void close() {
            producer.close(KafkaClients.AT_ONCE);
        }
    }

    /** At least once: offsets are committed when every result is known to be in the stream. */
    static final class Checked extends Output {
        private final SharedClients clients;
        private @Nullable Producer<byte[], byte[]> producer;

        Checked(SharedClients clients) {
            this.clients = clients;
        }

        @Override
        Producer<byte[], byte[]> begun() {
            if (producer == null) {
                producer = clients.producer();
            }
            return producer;
        }

        @Override
        void commit(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<byte[], byte[]> consumer) {
            if (producer != null) {
                flush(producer);
                producer = null;
            }
            if (!offsets.isEmpty()) {
                consumer.commitSync(offsets);
            }
            forgetAcknowledgements();
        }

        @Override
        void abort(Throwable cause) {
            if (producer != null) {
                clients.failed(producer, cause);
                producer = null;
            }
            forgetAcknowledgements();
        }

        @Override
        public void close() {
            Exception failure = failure();
            if (producer != null && failure != null) {
                clients.failed(producer, failure);
            }
        }
    }
}
