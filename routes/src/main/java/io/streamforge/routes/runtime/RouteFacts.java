package io.streamforge.routes.runtime;

import io.streamforge.adapter.SourceHealth;
import io.streamforge.backbone.Replay;
import io.streamforge.backbone.StreamConsumer;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a route at one moment.
 *
 * @param present whether Camel has the route and all that belongs to it, started
 * @param assigned whether its consumers have their partitions; true where it reads no topic
 * @param fault what its consumers or its device say is wrong, or null
 * @param lag records behind the end of its topics, null where it reads none
 * @param source what its source counted
 * @param replayed how far a replay has come, null where it is none
 */
record RouteFacts(
        boolean present,
        boolean assigned,
        @Nullable String fault,
        @Nullable Long lag,
        RouteBoard.Source source,
        Replay.@Nullable Progress replayed) {

    /** Camel does not have the route. */
    static final RouteFacts ABSENT = new RouteFacts(false, false, null, null, RouteBoard.Source.NONE, null);

    static RouteFacts stopped(@Nullable Throwable cause) {
        return new RouteFacts(
                false, false, cause == null ? null : Causes.sentence(cause), null, RouteBoard.Source.NONE, null);
    }

    /** @param routes the planned route and its connector's, all started */
    static RouteFacts of(List<Route> routes) {
        boolean assigned = true;
        List<String> faults = new ArrayList<>();
        Long lag = null;
        RouteBoard.Source counted = RouteBoard.Source.NONE;
        Replay.Progress replayed = null;
        for (Route route : routes) {
            Consumer consumer = route.getConsumer();
            if (consumer instanceof StreamConsumer stream) {
                assigned &= stream.assigned();
                stream.fault().or(stream::warning).ifPresent(faults::add);
                lag = stream.lag();
                replayed = stream.replayed().orElse(null);
            } else if (consumer instanceof SourceHealth source) {
                source.fault().ifPresent(faults::add);
                counted = new RouteBoard.Source(source.counters(), source.traffic(), source.losses());
            }
        }
        return new RouteFacts(
                true, assigned, faults.isEmpty() ? null : String.join(" ", faults), lag, counted, replayed);
    }
}
