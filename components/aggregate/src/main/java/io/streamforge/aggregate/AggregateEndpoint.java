package io.streamforge.aggregate;

import io.streamforge.model.Quality;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The options of one aggregator. */
@UriEndpoint(
        scheme = "aggregate",
        title = "Aggregate",
        syntax = "aggregate:stage",
        producerOnly = true,
        firstVersion = "0.1.0")
public final class AggregateEndpoint extends DefaultEndpoint {

    private static final long DEFAULT_HELD_MS = 30_000;

    @UriPath(description = "The route's id, as dead letters name it.")
    private final String stage;

    @UriParam(description = "The topic the aggregates go to: their schema is registered under it.")
    private @Nullable String target;

    @UriParam(description = "The gateway's id, for dead letters of what cannot be read.")
    private String gatewayId = "";

    @UriParam(description = "Length of the windows in milliseconds.")
    private long resolutionMs;

    @UriParam(
            description = "How far event time must have passed a window's end before it is given out.",
            defaultValue = "2000")
    private long allowedLatenessMs = 2_000;

    @UriParam(
            description = "For how long after its end, in event time, a window can still be corrected. Default: half a"
                    + " minute, at least the allowed lateness.")
    private @Nullable Long heldMs;

    @UriParam(
            description = "The worst quality whose values count: GOOD, SUSPECT or UNCERTAIN.",
            defaultValue = "UNCERTAIN")
    private Quality worstCounted = Quality.UNCERTAIN;

    AggregateEndpoint(String uri, AggregateComponent component, String stage) {
        super(uri, component);
        this.stage = stage;
    }

    public void setTarget(String target) {
        this.target = target;
    }

    public void setGatewayId(String gatewayId) {
        this.gatewayId = gatewayId;
    }

    public void setResolutionMs(long resolutionMs) {
        this.resolutionMs = resolutionMs;
    }

    public void setAllowedLatenessMs(long allowedLatenessMs) {
        this.allowedLatenessMs = allowedLatenessMs;
    }

    public void setHeldMs(Long heldMs) {
        this.heldMs = heldMs;
    }

    public void setWorstCounted(Quality worstCounted) {
        this.worstCounted = worstCounted;
    }

    @Override
    public Producer createProducer() {
        if (target == null) {
            throw new IllegalArgumentException(
                    "Aggregator '%s': option target is required, the topic of the aggregates.".formatted(stage));
        }
        long heldOrDefault = heldMs != null ? heldMs : Math.max(DEFAULT_HELD_MS, allowedLatenessMs);
        Settings settings = new Settings(
                stage,
                gatewayId,
                Duration.ofMillis(resolutionMs),
                Duration.ofMillis(allowedLatenessMs),
                Duration.ofMillis(heldOrDefault),
                worstCounted);
        return new AggregateProducer(this, settings, target);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "Aggregator '%s' can only be called, not consumed from.".formatted(stage));
    }
}
