package io.streamforge.knx;

import io.streamforge.adapter.Arrivals;
import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.SourceThread;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes telegrams as they come. A bus cannot be held back: what a slow stream does not take waits within bounds, then only the last value of each point
 * ({@link Waiting}).
 */
public final class KnxConsumer extends DefaultConsumer implements SourceHealth, PointWriter {

    /** A few megabytes, and seven minutes of a line that is used to its last telegram. */
    private static final int MOST_WAITING = 10_000;

    private static final int MOST_TOGETHER = 5000;

    /** A request may wait for another's answer, then be sent twice and be confirmed late. */
    private static final int TIMEOUTS = 4;

    private final KnxConfig config;
    private final List<Point> points;
    private final Clock clock;

    private volatile @Nullable Run run;

    KnxConsumer(KnxEndpoint endpoint, Processor processor, KnxConfig config, List<Point> points, Clock clock) {
        super(endpoint, processor);
        this.config = config;
        this.points = points;
        this.clock = clock;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Run next = new Run();
        run = next;
        next.arrivals.start();
        next.thread.start();
    }

    @Override
    protected void doStop() throws Exception {
        Run last = run;
        if (last != null) {
            last.end();
        }
        super.doStop();
    }

    @Override
    public Optional<String> fault() {
        Run current = run;
        return current == null
                ? Optional.empty()
                : current.arrivals.fault().or(() -> current.device.state().fault());
    }

    /** A poll is a telegram here, or an attempt to connect; a skipped one was too much for a slow stream. */
    @Override
    public Counters counters() {
        Run current = run;
        if (current == null) {
            return Counters.NONE;
        }
        Counters heard = current.device.state().counters();
        return new Counters(
                heard.polls(),
                heard.failedPolls(),
                current.losses.of(Loss.VALUE_STREAM_SLOW),
                current.arrivals.undelivered(),
                heard.errors());
    }

    @Override
    public Losses losses() {
        Run current = run;
        return current == null ? new Losses() : current.losses;
    }

    @Override
    public Traffic traffic() {
        Run current = run;
        return current == null ? Traffic.NONE : current.device.state().traffic();
    }

    @Override
    public List<Sample> read(List<Integer> rows) {
        List<CompletableFuture<Telegram>> answers = new ArrayList<>();
        rows.forEach(row -> answers.add(want(Telegram.read(points.get(row).group()))));
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            samples.add(sample(points.get(rows.get(i)), answers.get(i)));
        }
        return samples;
    }

    private Sample sample(Point point, CompletableFuture<Telegram> answer) {
        String reason;
        try {
            Value value = point.type().decode(answer(answer).payload());
            return Book.sample(point, value, Quality.GOOD, null, now());
        } catch (IllegalArgumentException e) {
            reason = "value: " + e.getMessage();
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        return Book.sample(point, null, Quality.BAD, reason, now());
    }

    /** {@inheritDoc} A confirmation says that the telegram was on the bus, not that a device did as it was told: that is for the state's address to say. */
    @Override
    public Value write(int row, Value value) throws IOException {
        Point point = points.get(row);
        Payload payload = point.type().encode(value);
        answer(want(Telegram.write(point.writeGroup(), payload)));
        return point.type().decode(payload);
    }

    private CompletableFuture<Telegram> want(Telegram telegram) {
        Run current = run;
        return current == null
                ? CompletableFuture.failedFuture(new IOException("The adapter is not started."))
                : current.device.want(telegram);
    }

    private Telegram answer(CompletableFuture<Telegram> answer) throws IOException {
        try {
            return answer.get(TIMEOUTS * config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? "no answer" : cause.getMessage(), e);
        } catch (TimeoutException e) {
            // What was not sent yet will not be.
            answer.cancel(false);
            throw new IOException(
                    "the bus was not free within %d ms"
                            .formatted(TIMEOUTS * config.timeout().toMillis()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What lives from one start to the next stop. */
    private final class Run {

        private final Arrivals arrivals = new Arrivals(
                KnxConsumer.this, "knx-stream " + config.address(), MOST_TOGETHER, Arrivals.OnRefusal.RETRY);
        private final Losses losses = new Losses();
        private final Waiting waiting = new Waiting(arrivals::offer, MOST_WAITING, losses);
        private final KnxDevice device = new KnxDevice(config, points, waiting, losses, clock);
        private final SourceThread thread =
                new SourceThread(getEndpoint().getCamelContext(), "knx " + config.address(), this::work);

        Run() throws IOException {}

        private void work() throws InterruptedException {
            device.run(thread);
        }

        private void end() throws InterruptedException {
            thread.tellEnding();
            device.wake();
            try {
                arrivals.end();
            } finally {
                thread.end();
                waiting.end();
            }
        }
    }
}
