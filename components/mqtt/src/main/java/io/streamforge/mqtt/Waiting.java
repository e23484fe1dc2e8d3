package io.streamforge.mqtt;

import io.streamforge.adapter.Arrival;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Observation;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The messages of one start that wait for the stream, and whether there may be more. */
final class Waiting {

    /** So many of the largest messages may wait, and so many bytes in smaller ones. */
    private static final long LARGEST = 64;

    private final long mostBytes;
    private final int mostUnasked;
    private final Losses losses;
    /** Of QoS 0: the broker asks for no acknowledgement. */
    private final AtomicLong unasked = new AtomicLong();

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Waiting(MqttConfig config, Losses losses) {
        this.mostBytes = LARGEST * config.maxMessageBytes();
        this.mostUnasked = config.receiveMaximum();
        this.losses = losses;
    }

    boolean isEmpty() {
        return asked.get() == 0 && unasked.get() == 0;
    }

    /** Whether there are more bytes than there are to be. */
    boolean isFull() {
        return bytes.get() > mostBytes;
    }

    /** Whether there are as many messages as the broker may have under way, of those that it does not count. */
    boolean hasManyUnasked() {
        return unasked.get() >= mostUnasked;
    }

    /**
     * A message that waits from now on.
     *
     * @param size in bytes
     * @param taken is told when the stream has it
     */
    Arrival message(List<Observation> observations, int qos, int size, Runnable taken) {
        return new Received(observations, qos == 0 ? unasked : asked, size, taken);
    }

    private final class Received implements Arrival {

        private final List<Observation> observations;
        private final AtomicLong alike;
        private final int size;
        private final Runnable taken;

        Received(List<Observation> observations, AtomicLong alike, int size, Runnable taken) {
            this.observations = observations;
            this.alike = alike;
            this.size = size;
            this.taken = taken;
            alike.incrementAndGet();
            bytes.addAndGet(size);
        }

        @Override
        public List<Observation> observations() {
            return observations;
        }

        @Override
        public void taken() {
            taken.run();
            gone();
        }

        @Override
        public void refused() {
            throw new IllegalStateException("Messages are handed over until the stream takes them.");
        }

        /** The broker was told nothing, so it sends the message again, unless it has never kept it. */
        @Override
        public void abandoned() {
            if (alike == unasked) {
                losses.add(Loss.QOS0_STOPPED);
            }
            gone();
        }

        private void gone() {
            bytes.addAndGet(-size);
            alike.decrementAndGet();
        }
    }
}
