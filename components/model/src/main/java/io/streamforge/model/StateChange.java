package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A discrete state that a source saw change, or saw for the first time since it started.
 *
 * @param eventId the sender's own identity of the event, or null if it gave none
 * @param asset the asset it belongs to, or null for the adapter's own asset
 * @param eventType what changed: the point's name, or what the sender calls it
 * @param previousState the state before; null if unknown, as for the first state after the source's start
 * @param newState the state after, or null if unknown
 * @param quality the device's or the protocol's own verdict
 * @param deviceTime the device's clock at the change, or null if the protocol or the device has none
 * @param gatewayTime the gateway's clock at the read
 * @param condition the device's alarm that changed; null for any other state
 */
public record StateChange(
        @Nullable String eventId,
        @Nullable String asset,
        String eventType,
        @Nullable Value previousState,
        @Nullable Value newState,
        Quality quality,
        @Nullable Instant deviceTime,
        Instant gatewayTime,
        @Nullable Condition condition)
        implements Observation {

    /** Of no alarm. */
    public StateChange(
            @Nullable String eventId,
            @Nullable String asset,
            String eventType,
            @Nullable Value previousState,
            @Nullable Value newState,
            Quality quality,
            @Nullable Instant deviceTime,
            Instant gatewayTime) {
        this(eventId, asset, eventType, previousState, newState, quality, deviceTime, gatewayTime, null);
    }
}
