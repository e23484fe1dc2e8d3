package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.Delivery;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.SourceThread;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Starts the source that reads, maps one exchange of it after the other and hands the readings to its own route. A body that is no JSON makes every
 * point BAD; it never fails the source's exchange, which would only come again. What the stream refuses does.
 */
final class PayloadConsumer extends DefaultConsumer implements SourceHealth {

    private static final JsonMapper JSON = new JsonMapper();

    private final Endpoint source;
    private final PayloadBook book;
    private final DeviceState state;
    private final Delivery delivery;
    private final Clock clock;
    private final ReentrantLock busy = new ReentrantLock();
    private volatile boolean ending;
    private @Nullable Consumer reader;
    private @Nullable Thread taking;
    private boolean interrupted;

    PayloadConsumer(
            PayloadEndpoint endpoint, Processor processor, Endpoint source, PayloadMapping mapping, Clock clock) {
        super(endpoint, processor);
        this.source = source;
        this.book = new PayloadBook(mapping);
        this.state = new DeviceState("Payload", source.getEndpointBaseUri());
        this.delivery = new Delivery(this);
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ending = false;
        Consumer started = source.createConsumer(this::take);
        reader = started;
        ServiceHelper.startService(started);
    }

    /** What is under way has as long as with any other source; then the Kamelet's thread gets it back as failed. */
    @Override
    protected void doStop() throws Exception {
        ending = true;
        if (!isIdleWithin(SourceThread.STOP_PATIENCE)) {
            interrupt();
            isIdleWithin(SourceThread.INTERRUPT_PATIENCE);
        }
        ServiceHelper.stopAndShutdownService(reader);
        reader = null;
        super.doStop();
    }

    private boolean isIdleWithin(Duration patience) throws InterruptedException {
        boolean idle = busy.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (idle) {
            busy.unlock();
        }
        return idle;
    }

    private synchronized void interrupt() {
        if (taking != null) {
            taking.interrupt();
            interrupted = true;
        }
    }

    private synchronized void taking(@Nullable Thread thread) {
        taking = thread;
        if (interrupted) {
            // The thread is the Kamelet's: what was meant for here stays here.
            interrupted = false;
            Thread.interrupted();
        }
    }

    /** A source that hands over several exchanges at a time waits here, because the adapter's stage numbers one at a time. */
    private void take(Exchange came) throws InterruptedException {
        busy.lockInterruptibly();
        try {
            taking(Thread.currentThread());
            if (ending) {
                came.setException(new IllegalStateException("The adapter is being stopped."));
            } else {
                hand(came);
            }
        } finally {
            taking(null);
            busy.unlock();
        }
    }

    private void hand(Exchange came) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        try {
            read(came, now);
            state.answered(book.points());
        } catch (IOException e) {
            String reason = "value: the body is " + e.getMessage();
            book.fail(reason);
            state.error("value");
            state.silent(book.points(), reason);
        }
        List<Observation> seen = book.observations(now);
        if (seen.isEmpty() || delivery.deliver(seen)) {
            book.points().confirm();
        } else {
            came.setException(
                    new IllegalStateException(delivery.fault().orElse("The stream did not take what was read.")));
        }
    }

    private void read(Exchange came, Instant now) throws IOException {
        Object body = came.getMessage().getBody();
        if (body instanceof JsonNode || body instanceof Map<?, ?> || body instanceof Collection<?>) {
            book.read(JSON.<JsonNode>valueToTree(body), now);
            return;
        }
        byte[] bytes = came.getMessage().getBody(byte[].class);
        if (bytes == null) {
            throw new IOException(
                    body == null ? "empty" : "not JSON but " + body.getClass().getName());
        }
        book.read(bytes, now);
    }

    @Override
    public Optional<String> fault() {
        return delivery.fault().or(state::fault);
    }

    @Override
    public Traffic traffic() {
        return state.traffic();
    }

    @Override
    public Losses losses() {
        return state.losses();
    }

    /** A poll is an exchange of the source here. */
    @Override
    public Counters counters() {
        Counters read = state.counters();
        return new Counters(read.polls(), read.failedPolls(), 0, delivery.undelivered(), read.errors());
    }
}
