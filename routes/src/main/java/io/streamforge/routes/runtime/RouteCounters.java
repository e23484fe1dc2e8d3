package io.streamforge.routes.runtime;

import io.streamforge.model.Batch;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;

/** Counts what each planned route reads and writes, one addition per batch. The counts of a route go on when it is replaced under its id. */
public final class RouteCounters implements RoutePolicyFactory {

    /** The variable in which a stage hands its dead letters to the template. */
    private static final String DEAD = "dead";

    /** One route's counts since the gateway started. */
    public static final class Counts {
        final LongAdder in = new LongAdder();
        final LongAdder out = new LongAdder();
        final LongAdder dead = new LongAdder();
        final LongAdder restarts = new LongAdder();

        /** Records read. */
        public long in() {
            return in.sum();
        }

        /** Records written. */
        public long out() {
            return out.sum();
        }

        /** Records written to the dead letters. */
        public long dead() {
            return dead.sum();
        }

        /** Supervised restarts. */
        public long restarts() {
            return restarts.sum();
        }
    }

    private final Map<String, Counts> countsByRoute = new ConcurrentHashMap<>();

    /** The counts of a route that is planned or was. */
    public Counts of(String routeId) {
        return countsByRoute.computeIfAbsent(routeId, id -> new Counts());
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camelContext, String routeId, NamedNode route) {
        return new Counting(of(routeId));
    }

    private static final class Counting extends RoutePolicySupport {
        private final Counts counts;

        Counting(Counts counts) {
            this.counts = counts;
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            counts.in.add(size(exchange.getMessage().getBody()));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (!exchange.isFailed()) {
                counts.out.add(size(exchange.getMessage().getBody()));
                counts.dead.add(size(exchange.getVariable(DEAD)));
            }
        }

        private static int size(@Nullable Object body) {
            if (body instanceof Batch batch) {
                return batch.warmUp() ? 0 : batch.size();
            }
            return body instanceof Collection<?> items ? items.size() : 0;
        }
    }
}
