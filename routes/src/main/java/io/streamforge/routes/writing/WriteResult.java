package io.streamforge.routes.writing;

import io.streamforge.model.Quality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order that reached the device. Values are numbers, flags or texts as JSON has them.
 *
 * @param before what the device had, null if it could not be read
 * @param written what was written, as the point holds it
 * @param readBack what the device had afterwards, null if it could not be read
 * @param quality of what was read back
 * @param at when it was written, by the gateway's clock
 * @param error why it cannot be taken for written, null if it was read back as it was written
 */
public record WriteResult(
        @Nullable Object before,
        @Nullable Object written,
        @Nullable Object readBack,
        Quality quality,
        Instant at,
        @Nullable String error)
        implements Outcome {}
