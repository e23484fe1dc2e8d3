package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of a discrete state: the record of {@code events.raw} and {@code events.clean}.
 *
 * @param eventId its identity: the same event sent twice has the same
 * @param assetId the stream's key: all of an asset's events stay in order
 * @param eventType what changed
 * @param previousState the state before; null if unknown, as for the first known state after an adapter's start
 * @param newState the state after, or null if unknown
 * @param deviceTime the device's clock, microseconds; null if it has none
 * @param gatewayTime the gateway's clock at the read, microseconds
 * @param timeSource whose clock is authoritative; GATEWAY exactly when deviceTime is null
 * @param quality how far it may be trusted
 * @param origin which adapter of which gateway saw it
 * @param condition the device's alarm that changed; null for any other event
 * @param qualityReason why the quality is what it is, and who approved the event; null if there is nothing to say
 */
public record Event(
        String eventId,
        String assetId,
        String eventType,
        @Nullable Value previousState,
        @Nullable Value newState,
        @Nullable Instant deviceTime,
        Instant gatewayTime,
        TimeSource timeSource,
        Quality quality,
        Origin origin,
        @Nullable Condition condition,
        @Nullable String qualityReason) {

    /** Of no alarm, and with nothing to say of its quality. */
    public Event(
            String eventId,
            String assetId,
            String eventType,
            @Nullable Value previousState,
            @Nullable Value newState,
            @Nullable Instant deviceTime,
            Instant gatewayTime,
            TimeSource timeSource,
            Quality quality,
            Origin origin) {
        this(
                eventId,
                assetId,
                eventType,
                previousState,
                newState,
                deviceTime,
                gatewayTime,
                timeSource,
                quality,
                origin,
                null,
                null);
    }

    /** The authoritative time: the device's where it has a clock, otherwise the gateway's. */
    public Instant time() {
        return deviceTime != null ? deviceTime : gatewayTime;
    }
}
