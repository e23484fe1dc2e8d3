package io.streamforge.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source component read for one point, before the {@code adapter} stage gives it an identity in the stream.
 *
 * @param asset the asset this point belongs to, or null for the adapter's own asset
 * @param parameter the point's name, unique within its asset
 * @param value the decoded and scaled value, or null if none could be read
 * @param unit UCUM code where one exists, empty for none
 * @param classification what the point's configuration says it is
 * @param quality the device's or the protocol's own verdict; never GOOD with a null value
 * @param reason why the quality is not GOOD (a protocol's code and name), or null
 * @param deviceTime the device's clock at the measurement, or null if the protocol or the device has none
 * @param gatewayTime the gateway's clock at the read, taken once for all samples of one read
 */
public record Sample(
        @Nullable String asset,
        String parameter,
        @Nullable Value value,
        String unit,
        Classification classification,
        Quality quality,
        @Nullable String reason,
        @Nullable Instant deviceTime,
        Instant gatewayTime)
        implements Observation {}
