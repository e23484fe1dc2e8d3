package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Receipt;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryTest {

    private static final List<Observation> SEEN = List.of(new Sample(
            null, "level", new Value.Whole(1), "", Classification.TELEMETRY, Quality.GOOD, null, null, Instant.EPOCH));

    private final CamelContext context = new DefaultCamelContext();
    private final List<List<?>> exchanges = new ArrayList<>();
    private final List<Boolean> told = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private boolean acknowledged;
    private boolean interrupted;
    private boolean refused;
    private @Nullable RuntimeException failure;

    private final Delivery delivery =
            new Delivery(new DefaultConsumer(context.getEndpoint("mock:source"), this::route));

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void whatWasBegunIsAskedForWhenItIsSettledAndOnlyThen() throws Exception {
        delivery.begin(SEEN, null);
        assertThat(asked).isEmpty();
        assertThat(told).isEmpty();
        assertThat(delivery.settle()).isTrue();
        assertThat(asked).containsExactly("asked");
        assertThat(told).containsExactly(true);
        assertThat(delivery.settle()).as("nothing was begun since").isFalse();
        assertThat(delivery.undelivered()).isZero();
    }

    @Test
    void theVeryListThatTheStreamRefusedGoesToTheRouteOnceMore() throws Exception {
        refused = true;
        delivery.begin(SEEN, null);
        assertThat(delivery.settle()).isTrue();
        assertThat(told).containsExactly(false);
        assertThat(exchanges).hasSize(2);
        assertThat(exchanges.get(1)).isSameAs(exchanges.get(0));
        assertThat(delivery.fault()).isEmpty();
        assertThat(delivery.undelivered()).isZero();
    }

    @Test
    void anExchangeThatFailedIsNotTaken() throws Exception {
        failure = new IllegalStateException("not now");
        delivery.begin(SEEN, null);
        assertThat(delivery.settle()).isFalse();
        assertThat(asked).isEmpty();
        assertThat(told).containsExactly(false);
        assertThat(delivery.undelivered()).isEqualTo(1);
        assertThat(delivery.fault()).contains("stream: not now");
    }

    @Test
    void whatIsAbandonedIsNotTaken() throws Exception {
        delivery.begin(SEEN, null);
        delivery.abandon();
        assertThat(told).containsExactly(false);
        assertThat(delivery.settle()).isFalse();
        interrupted = true;
        delivery.begin(SEEN, null);
        assertThatThrownBy(delivery::settle).isInstanceOf(InterruptedException.class);
        delivery.abandon();
        assertThat(told).containsExactly(false, false);
    }

    @Test
    void itIsTakenWhenNothingIsUnderWayOrTheStreamHasAcknowledgedIt() throws Exception {
        assertThat(delivery.isTaken()).isTrue();
        delivery.begin(SEEN, null);
        assertThat(delivery.isTaken()).isFalse();
        acknowledged = true;
        assertThat(delivery.isTaken()).isTrue();
        assertThat(delivery.settle()).isTrue();

        failure = new IllegalStateException("no stream");
        delivery.begin(SEEN, null);
        assertThat(delivery.isTaken()).as("the exchange failed").isFalse();
    }

    /** Sends, and is answered as the fields say. */
    private void route(Exchange exchange) {
        exchanges.add(exchange.getMessage().getBody(List.class));
        Receipt receipt = exchange.getProperty(Receipt.PROPERTY, Receipt.class);
        if (receipt != null) {
            receipt.tell(told::add);
            receipt.add(new Receipt.Sent() {
                @Override
                public void await() throws InterruptedException {
                    asked.add("asked");
                    if (interrupted) {
                        throw new InterruptedException();
                    }
                    if (refused) {
                        throw new IllegalStateException("refused");
                    }
                }

                @Override
                public boolean isTaken() {
                    return acknowledged;
                }
            });
        }
        if (failure != null) {
            throw failure;
        }
    }
}
