package io.streamforge.routes.uplink;

import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One tag's value on its way to the console.
 *
 * @param value a number, flag or text; null where there is none
 * @param reason why the quality is not GOOD, or null
 * @param deviceTime the device's clock, or null
 */
record TagValue(
        String assetId,
        String parameter,
        @Nullable Object value,
        String unit,
        Quality quality,
        @Nullable String reason,
        @Nullable Instant deviceTime,
        Instant gatewayTime) {

    static TagValue of(Reading reading) {
        return new TagValue(
                reading.assetId(),
                reading.parameter(),
                plain(reading.value()),
                reading.unit(),
                reading.quality(),
                reading.qualityReason(),
                reading.deviceTime(),
                reading.gatewayTime());
    }

    /** A value as JSON has it; a number that JSON cannot hold is none. */
    static @Nullable Object plain(@Nullable Value value) {
        if (value instanceof Value.Real real) {
            return Double.isFinite(real.value()) ? real.value() : null;
        } else if (value instanceof Value.Whole whole) {
            return whole.value();
        } else if (value instanceof Value.Flag flag) {
            return flag.value();
        } else if (value instanceof Value.Text text) {
            return text.value();
        }
        return null;
    }
}
