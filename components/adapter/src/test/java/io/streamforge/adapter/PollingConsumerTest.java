package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.model.Classification;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Receipt;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device answers, and so does the stream, as often as they are let: what is counted in between stands still. */
class PollingConsumerTest {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final CamelContext context = new DefaultCamelContext();
    private final HeldDevice device = new HeldDevice();
    private final Semaphore stream = new Semaphore(0);
    private final PollingConsumer consumer =
            new PollingConsumer(context.getEndpoint("mock:source"), this::take, INTERVAL, () -> device);

    @BeforeEach
    void start() {
        context.start();
        consumer.start();
    }

    @AfterEach
    void stop() {
        stream.release();
        consumer.stop();
        context.stop();
    }

    @Test
    void turnsThatAreDueWhileTheDeviceIsAskedCountAsTheDevices() {
        await().until(() -> consumer.losses().of(Loss.POLL_DEVICE_SLOW) >= 3);
        assertThat(device.polls).hasValue(1);
        assertThat(consumer.counters().skippedPolls()).isPositive();
        stream.release();
        device.answers.release();
        await().until(() -> device.polls.get() == 2);
    }

    @Test
    void turnsThatAreDueWhileTheStreamDoesNotAnswerCountAsTheStreams() {
        device.answers.release(2);
        await().until(stream::hasQueuedThreads);
        long streams = consumer.losses().of(Loss.POLL_STREAM_SLOW);
        long devices = consumer.losses().of(Loss.POLL_DEVICE_SLOW);
        await().until(() -> consumer.losses().of(Loss.POLL_STREAM_SLOW) > streams + 3);
        assertThat(device.polls).hasValue(1);
        assertThat(consumer.losses().of(Loss.POLL_DEVICE_SLOW)).isEqualTo(devices);
        stream.release(2);
        await().until(() -> device.polls.get() == 3);
    }

    @Test
    void itAsksAheadOnceTheStreamHasWhatCameBefore() {
        await().until(() -> device.polls.get() == 1);
        int asked = device.asked.get();
        device.answers.release();
        await().until(() -> consumer.losses().of(Loss.POLL_STREAM_SLOW) > 0);
        assertThat(device.asked).hasValue(asked);
        stream.release();
        device.answers.release(2);
        stream.release(2);
        await().until(() -> device.asked.get() > asked);
    }

    @Test
    void aDeviceThatFailsUnexpectedlyIsPolledAgain() {
        device.broken = true;
        device.answers.release(2);
        await().until(() -> device.polls.get() == 3);
        device.broken = false;
        device.answers.release();
        stream.release();
        await().until(() -> device.polls.get() == 4);
    }

    private void take(Exchange exchange) {
        exchange.getProperty(Receipt.PROPERTY, Receipt.class).add(new Receipt.Sent() {
            private boolean taken;

            @Override
            public void await() throws InterruptedException {
                if (!taken) {
                    stream.acquire();
                }
            }

            @Override
            public boolean isTaken() {
                taken |= stream.tryAcquire();
                return taken;
            }
        });
    }

    /** Answers, late or not, what it was asked for. */
    private static final class HeldDevice implements PolledDevice {

        private final Semaphore answers = new Semaphore(0);
        private final DeviceState state = new DeviceState("Test", "held");
        private final AtomicInteger polls = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean broken;

        @Override
        public boolean asksAhead() {
            return true;
        }

        @Override
        public void askAhead() {
            asked.incrementAndGet();
        }

        @Override
        public List<Observation> poll() throws InterruptedException {
            int number = polls.incrementAndGet();
            answers.acquire();
            if (broken) {
                throw new IllegalStateException("a fault of the connector");
            }
            return List.of(new Sample(
                    null,
                    "level",
                    new Value.Whole(number),
                    "",
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    null,
                    Instant.EPOCH));
        }

        @Override
        public void confirm() {
            state.answered(1, 0, null);
        }

        @Override
        public DeviceState state() {
            return state;
        }

        @Override
        public void close() {
            answers.release();
        }
    }
}
