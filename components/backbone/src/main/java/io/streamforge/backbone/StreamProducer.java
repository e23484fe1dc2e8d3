package io.streamforge.backbone;

import io.streamforge.model.Batch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Writes an exchange's {@link Batch} to a topic. In a route that reads the stream it joins that route's commit cycle and returns at once; in
 * any other route the exchange goes on when the stream has acknowledged every record.
 */
final class StreamProducer extends DefaultAsyncProducer {

    private final SharedClients clients;
    private final String topic;
    private final Semaphore inFlight;

    StreamProducer(BackboneEndpoint endpoint, SharedClients clients, String topic, int maxInFlight) {
        super(endpoint);
        this.clients = clients;
        this.topic = topic;
        this.inFlight = new Semaphore(maxInFlight);
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
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            Object body = exchange.getMessage().getBody();
            if (body != null && !(body instanceof Batch)) {
                throw new IllegalArgumentException("Endpoint 'backbone:%s' takes a Batch, got %s."
                        .formatted(topic, body.getClass().getName()));
            }
            if (body instanceof Batch batch && batch.size() > 0) {
                Output output = exchange.getProperty(Output.PROPERTY, Output.class);
                if (output == null) {
                    Producer<byte[], byte[]> producer = clients.producer();
                    inFlight.acquire();
                    send(batch, new Sending(exchange, callback, producer, batch.size()));
                    return false;
                }
                output.send(topic, batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(e);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void send(Batch batch, Sending sending) {
        int sent = 0;
        try {
            for (; sent < batch.size(); sent++) {
                sending.producer.send(new ProducerRecord<>(topic, batch.key(sent), batch.value(sent)), sending);
            }
        } catch (RuntimeException e) {
            sending.ended(e, batch.size() - sent);
        }
    }

    /** One batch on its way: the callback of all its records. */
    private final class Sending implements Callback {
        private final Exchange exchange;
        private final AsyncCallback callback;
        private final Producer<byte[], byte[]> producer;
        private final AtomicInteger open;
        private volatile @Nullable Exception failure;

        Sending(Exchange exchange, AsyncCallback callback, Producer<byte[], byte[]> producer, int records) {
            this.exchange = exchange;
            this.callback = callback;
            this.producer = producer;
            this.open = new AtomicInteger(records);
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            ended(exception, 1);
        }

        void ended(@Nullable Exception exception, int records) {
            if (exception != null && failure == null) {
                failure = exception;
            }
            if (open.addAndGet(-records) == 0) {
                inFlight.release();
                goOn();
            }
        }

        private void goOn() {
            Exception first = failure;
            if (first != null) {
                clients.failed(producer, first);
                exchange.setException(new Output.SendFailedException(first));
            }
            try {
                clients.completions().execute(() -> callback.done(false));
            } catch (RejectedExecutionException e) {
                callback.done(false);
            }
        }
    }
}
