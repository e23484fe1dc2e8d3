package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value of one signal with its quality and times: the record of {@code telemetry.raw} and {@code telemetry.clean}. Its identity is
 * {@code (gatewayId, adapterId, epoch, assetId, sequence)}.
 *
 * @param value null where there is none (a gap, a failure)
 * @param quality the worst verdict of device and stages so far
 * @param assetId the stream's key: all of an asset's readings stay in order
 * @param parameter the signal's name within its asset
 * @param unit UCUM code, empty for none
 * @param classification telemetry, event or alarm
 * @param deviceTime the device's clock, microseconds; null if it has none
 * @param gatewayTime the gateway's clock at the read, microseconds
 * @param timeSource whose clock is authoritative; GATEWAY exactly when deviceTime is null
 * @param clockSkewMs gatewayTime − deviceTime in milliseconds, null where there is no device clock
 * @param qualityReason rule and detail of the last verdict, null when GOOD
 * @param sequence gapless per gateway, adapter, epoch and asset, starting at 0
 * @param origin which adapter of which gateway read it
 */
public record Reading(
        @Nullable Value value,
        Quality quality,
        String assetId,
        String parameter,
        String unit,
        Classification classification,
        @Nullable Instant deviceTime,
        Instant gatewayTime,
        TimeSource timeSource,
        @Nullable Long clockSkewMs,
        @Nullable String qualityReason,
        long sequence,
        Origin origin) {

    /** The authoritative time: the device's where it has a clock, otherwise the gateway's. */
    public Instant time() {
        return deviceTime != null ? deviceTime : gatewayTime;
    }
}
