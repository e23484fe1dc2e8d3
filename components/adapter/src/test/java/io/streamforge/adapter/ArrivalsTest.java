package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.Arrivals.OnRefusal;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private final CamelContext context = new DefaultCamelContext();
    private final List<List<?>> exchanges = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void whatComesWhileAnExchangeIsUnderWayGoesTogetherInTheNext() throws Exception {
        CountDownLatch streamBack = new CountDownLatch(1);
        Arrivals arrivals = arrivals(OnRefusal.TELL, 3, exchange -> {
            exchanges.add(exchange.getMessage().getBody(List.class));
            streamBack.await();
        });
        List<Came> came = List.of(new Came(1), new Came(2), new Came(1), new Came(4));
        arrivals.offer(came.get(0));
        await().until(() -> exchanges.size() == 1);
        came.subList(1, 4).forEach(arrivals::offer);
        streamBack.countDown();
        await().until(() -> exchanges.size() == 3);
        assertThat(exchanges).extracting(List::size).containsExactly(1, 3, 4);
        await().until(() -> came.stream().allMatch(each -> each.told.equals(List.of("taken"))));
        arrivals.end();
    }

    @Test
    void sendersAreToldOfARefusal() throws Exception {
        Arrivals arrivals = arrivals(OnRefusal.TELL, 10, exchange -> {
            throw new IllegalStateException("not now");
        });
        Came came = new Came(1);
        arrivals.offer(came);
        await().until(() -> came.told.equals(List.of("refused")));
        assertThat(arrivals.undelivered()).isEqualTo(1);
        assertThat(arrivals.fault()).contains("stream: not now");
        arrivals.end();
    }

    @Test
    void theVeryListThatWasRefusedComesAgainBeforeAnythingElse() throws Exception {
        Arrivals arrivals = arrivals(OnRefusal.RETRY, 1, exchange -> {
            exchanges.add(exchange.getMessage().getBody(List.class));
            if (exchanges.size() < 3) {
                throw new IllegalStateException("not now");
            }
        });
        Came first = new Came(1);
        Came second = new Came(1);
        arrivals.offer(first);
        arrivals.offer(second);
        await().until(() -> second.told.equals(List.of("taken")));
        assertThat(first.told).containsExactly("taken");
        assertThat(exchanges).hasSize(4);
        assertThat(exchanges.get(1)).isSameAs(exchanges.get(0));
        assertThat(exchanges.get(2)).isSameAs(exchanges.get(0));
        assertThat(arrivals.fault()).isEmpty();
        arrivals.end();
    }

    @Test
    void whatWaitsOrIsTriedAgainAtTheStopIsAbandoned() throws Exception {
        Arrivals arrivals = arrivals(OnRefusal.RETRY, 1, exchange -> {
            throw new IllegalStateException("not now");
        });
        Came tried = new Came(1);
        Came waiting = new Came(1);
        arrivals.offer(tried);
        arrivals.offer(waiting);
        await().until(() -> arrivals.undelivered() > 0);
        arrivals.end();
        await().until(() -> tried.told.equals(List.of("abandoned")) && waiting.told.equals(List.of("abandoned")));
        Came late = new Came(1);
        assertThat(arrivals.offer(late)).isFalse();
        assertThat(late.told).isEmpty();
    }

    @Test
    void whatIsTriedAgainWhenAStopLosesPatienceIsAbandoned() throws Exception {
        Arrivals arrivals = arrivals(OnRefusal.RETRY, 1, exchange -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped");
        });
        Came tried = new Came(1);
        arrivals.offer(tried);
        await().until(() -> tried.told.equals(List.of("abandoned")));
        arrivals.end();
    }

    @Test
    void theFirstOfABurstWaitsForTheOthers() throws Exception {
        Arrivals arrivals = gathering(Duration.ofHours(1));
        arrivals.start();
        Came first = new Came(1);
        arrivals.offer(first);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread ->
                        thread.getName().contains("source") && thread.getState() == Thread.State.TIMED_WAITING));
        arrivals.offer(new Came(2));
        arrivals.offer(new Came(1));
        assertThat(exchanges).isEmpty();
        arrivals.end();
        assertThat(exchanges).extracting(List::size).containsExactly(4);
        assertThat(first.told).containsExactly("taken");
    }

    @Test
    void aBurstGoesOnWhenItsTimeIsOver() throws Exception {
        Arrivals arrivals = gathering(Duration.ofMillis(5));
        arrivals.start();
        arrivals.offer(new Came(1));
        await().until(() -> exchanges.size() == 1);
        arrivals.end();
    }

    @Test
    void nothingIsWaitedForWhereOthersWaitAlready() throws Exception {
        Arrivals arrivals = gathering(Duration.ofHours(1));
        arrivals.offer(new Came(1));
        arrivals.offer(new Came(2));
        arrivals.start();
        await().until(() -> exchanges.size() == 1);
        assertThat(exchanges).extracting(List::size).containsExactly(3);
        arrivals.end();
    }

    private Arrivals gathering(Duration time) {
        context.start();
        return new Arrivals(
                new DefaultConsumer(
                        context.getEndpoint("mock:source"),
                        exchange -> exchanges.add(exchange.getMessage().getBody(List.class))),
                "source",
                10,
                OnRefusal.TELL,
                time);
    }

    private Arrivals arrivals(OnRefusal onRefusal, int most, Processor route) throws Exception {
        context.start();
        Arrivals arrivals =
                new Arrivals(new DefaultConsumer(context.getEndpoint("mock:source"), route), "source", most, onRefusal);
        arrivals.start();
        return arrivals;
    }

    private static final class Came implements Arrival {

        private final List<Observation> observations;
        private final List<String> told = new CopyOnWriteArrayList<>();

        private Came(int size) {
            Sample sample = new Sample(
                    null,
                    "level",
                    new Value.Whole(1),
                    "",
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    null,
                    Instant.EPOCH);
            observations = Collections.nCopies(size, (Observation) sample);
        }

        @Override
        public List<Observation> observations() {
            return observations;
        }

        @Override
        public void taken() {
            told.add("taken");
        }

        @Override
        public void refused() {
            told.add("refused");
        }

        @Override
        public void abandoned() {
            told.add("abandoned");
        }
    }
}
