package io.streamforge.adapter.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What becomes of answers, over whatever they come: they are late, or garbled, and they are kept for the test. */
abstract class AnswerFaults implements FaultyNetwork {

    private final List<List<byte[]>> answers = new ArrayList<>();
    private final Random random = new Random(7);
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean garbled;

    @Override
    public final void delay(Duration delay) {
        this.delay = delay;
    }

    @Override
    public final boolean keepsWaiting() {
        return underWay.get() > 0;
    }

    @Override
    public final void garble() {
        garbled = true;
    }

    @Override
    public void mend() {
        delay = Duration.ZERO;
        garbled = false;
    }

    @Override
    public final List<List<byte[]>> answers() {
        synchronized (answers) {
            return answers.stream()
                    .filter(connection -> !connection.isEmpty())
                    .map(List::copyOf)
                    .toList();
        }
    }

    @Override
    public final void close() {
        cut();
    }

    /** The way back of one connection. */
    final class WayBack {

        private final CountDownLatch ended = new CountDownLatch(1);
        private final List<byte[]> own = new ArrayList<>();
        private boolean begins = true;

        WayBack() {
            synchronized (answers) {
                answers.add(own);
            }
        }

        /** The next piece begins an answer; others go on with it. */
        void begin() {
            synchronized (answers) {
                begins = true;
            }
        }

        /** Keeps the piece, and returns when it is due what then is to be passed on; null if the connection has ended. */
        byte @Nullable [] pass(byte[] piece) throws InterruptedException {
            keep(piece);
            if (endsWithin(delay)) {
                return null;
            }
            byte[] passed = piece.clone();
            if (garbled) {
                random.nextBytes(passed);
            }
            return passed;
        }

        void end() {
            ended.countDown();
        }

        private void keep(byte[] piece) {
            synchronized (answers) {
                if (begins) {
                    own.add(piece);
                } else {
                    int last = own.size() - 1;
                    byte[] begun = own.get(last);
                    byte[] whole = Arrays.copyOf(begun, begun.length + piece.length);
                    System.arraycopy(piece, 0, whole, begun.length, piece.length);
                    own.set(last, whole);
                }
                begins = false;
            }
        }

        private boolean endsWithin(Duration delay) throws InterruptedException {
            if (delay.isZero()) {
                return ended.getCount() == 0;
            }
            underWay.incrementAndGet();
            try {
                return ended.await(delay.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                underWay.decrementAndGet();
            }
        }
    }
}
