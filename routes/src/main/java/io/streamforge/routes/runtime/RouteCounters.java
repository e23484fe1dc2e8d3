package io.streamforge.routes.runtime;

import io.streamforge.model.Batch;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Counts what each planned route reads, and what it writes at each {@code to:} of its template, one addition per batch. The counts of a route go
 * on when it is replaced under its id.
 */
public final class RouteCounters implements RoutePolicyFactory, InterceptStrategy {

    private static final String DEAD_LETTERS = "backbone:dlq.";

    /** The variable in which a stage with windows says how many readings of an exchange none of them holds. */
    private static final String OUT_OF_TIME = "outOfTime";

    /** One route's counts since the gateway started. */
    public static final class Counts {
        final LongAdder in = new LongAdder();
        final LongAdder out = new LongAdder();
        final LongAdder dead = new LongAdder();
        final LongAdder outOfTime = new LongAdder();
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

        /** Readings that came too late, or too early, for any window. */
        public long outOfTime() {
            return outOfTime.sum();
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

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        RouteDefinition route = definition instanceof ToDefinition to ? ProcessorDefinitionHelper.getRoute(to) : null;
        if (route == null || !(definition instanceof ToDefinition to)) {
            return target;
        }
        String uri = context.resolvePropertyPlaceholders(to.getUri());
        boolean writes = uri.startsWith("backbone:") || uri.startsWith("kamelet:");
        Counts counts = of(route.getRouteId());
        return writes
                ? new Sending(target, uri.startsWith(DEAD_LETTERS) ? counts.dead : counts.out, to.getVariableSend())
                : target;
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
            Long outOfTime = exchange.getVariable(OUT_OF_TIME, Long.class);
            if (outOfTime != null && !exchange.isFailed()) {
                counts.outOfTime.add(outOfTime);
            }
        }
    }

    private static final class Sending extends DelegateAsyncProcessor {
        private final LongAdder count;
        private final @Nullable String variable;

        /** @param variable what is sent if it is not the body */
        Sending(Processor target, LongAdder count, @Nullable String variable) {
            super(target);
            this.count = count;
            this.variable = variable;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            int size = size(variable == null ? exchange.getMessage().getBody() : exchange.getVariable(variable));
            return super.process(exchange, doneSync -> {
                if (!exchange.isFailed()) {
                    count.add(size);
                }
                callback.done(doneSync);
            });
        }
    }

    private static int size(@Nullable Object body) {
        if (body instanceof Batch batch) {
            return batch.warmUp() ? 0 : batch.size();
        }
        return body instanceof Collection<?> items ? items.size() : 0;
    }
}
