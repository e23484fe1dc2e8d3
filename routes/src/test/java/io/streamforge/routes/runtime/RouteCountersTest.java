package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Batch;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class RouteCountersTest {

    @Test
    void countsWhatARouteReadsAndWhatNoWindowOfItHolds() throws Exception {
        RouteCounters counters = new RouteCounters();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            RoutePolicy policy = counters.createRoutePolicy(context, "aggregate.1s", new RouteDefinition());
            Exchange refused = exchange(context, 1);
            refused.setException(new IllegalStateException("comes again"));
            for (Exchange exchange : List.of(exchange(context, 2), refused, exchange(context, 1))) {
                policy.onExchangeBegin(null, exchange);
                exchange.setVariable("outOfTime", 3L);
                policy.onExchangeDone(null, exchange);
            }
        }
        assertThat(counters.of("aggregate.1s").in()).isEqualTo(4);
        assertThat(counters.of("aggregate.1s").outOfTime())
                .as("a batch that failed comes again and is counted then")
                .isEqualTo(6);
    }

    private static Exchange exchange(CamelContext context, int records) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(batch(records));
        return exchange;
    }

    private static Batch batch(int size) {
        Batch batch = Batch.output();
        for (int i = 0; i < size; i++) {
            batch.add(new byte[0], new byte[0], 0, i);
        }
        return batch;
    }
}
