package io.streamforge.backbone;

import io.streamforge.model.Batch;
import io.streamforge.model.Position;
import io.streamforge.model.Receipt;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes an exchange's {@link Batch} to a topic. In a route that reads the stream it joins that route's commit cycle and returns at once; in
 * any other route it waits on the route's own thread until the stream has acknowledged every record: a source has nothing else to do meanwhile, and
 * the exchange need not change threads. A source that can wait later hangs a {@link Receipt} on the exchange, and is asked to wait there. If the exchange says how far its source has come, that is in the stream together with its first batch, or neither is.
 */
final class StreamProducer extends DefaultProducer {

    private final SharedClients clients;
    private final SourceTransactions sources;
    private final String topic;

    StreamProducer(BackboneEndpoint endpoint, SharedClients clients, SourceTransactions sources, String topic) {
        super(endpoint);
        this.clients = clients;
        this.sources = sources;
        this.topic = topic;
    }

    /** A plan may ask for windows of a length that has no topic yet; routes that read them are started after the one that writes them. */
    @Override
    protected void doStart() throws Exception {
        super.doStart();
        if (BackboneTopics.holdsWindows(topic)) {
            BackboneTopics.ensureWindows(clients.bootstrapServers(), topic);
        }
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        Object body = exchange.getMessage().getBody();
        if (body != null && !(body instanceof Batch)) {
            throw new IllegalArgumentException("Endpoint 'backbone:%s' takes a Batch, got %s."
                    .formatted(topic, body.getClass().getName()));
        }
        if (body instanceof Batch batch && batch.size() > 0) {
            Output output = exchange.getProperty(Output.PROPERTY, Output.class);
            Position position = exchange.getProperty(Position.PROPERTY, Position.class);
            if (output != null) {
                output.send(topic, batch);
            } else if (position != null) {
                sources.send(topic, batch, position);
                exchange.removeProperty(Position.PROPERTY);
            } else {
                Acknowledged sent = send(batch);
                Receipt receipt = exchange.getProperty(Receipt.PROPERTY, Receipt.class);
                if (receipt == null) {
                    sent.await();
                } else {
                    receipt.add(sent);
                }
            }
        }
    }

    private Acknowledged send(Batch batch) {
        Producer<byte[], byte[]> producer = clients.producer();
        Acknowledged acknowledged = new Acknowledged(clients, producer, batch.size());
        int sent = 0;
        try {
            for (; sent < batch.size(); sent++) {
                producer.send(new ProducerRecord<>(topic, batch.key(sent), batch.value(sent)), acknowledged);
            }
        } catch (RuntimeException e) {
            acknowledged.ended(e, batch.size() - sent);
        }
        return acknowledged;
    }

    /** One batch on its way: the callback of all its records. */
    private static final class Acknowledged implements Callback, Receipt.Sent {
        private final SharedClients clients;
        private final Producer<byte[], byte[]> producer;
        private final CountDownLatch open;
        private volatile @Nullable Exception failure;

        Acknowledged(SharedClients clients, Producer<byte[], byte[]> producer, int records) {
            this.clients = clients;
            this.producer = producer;
            this.open = new CountDownLatch(records);
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            ended(exception, 1);
        }

        void ended(@Nullable Exception exception, int records) {
            if (exception != null && failure == null) {
                failure = exception;
            }
            for (int i = 0; i < records; i++) {
                open.countDown();
            }
        }

        @Override
        public boolean isTaken() {
            return open.getCount() == 0 && failure == null;
        }

        @Override
        public void await() throws InterruptedException {
            open.await();
            Exception first = failure;
            if (first != null) {
                clients.failed(producer, first);
                throw new Output.SendFailedException(first);
            }
        }
    }
}
