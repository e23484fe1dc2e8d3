package io.streamforge.controlplane.tags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.streamforge.controlplane.gateway.Quality;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value that a device has, because it was written there and read back; a gateway's result of the command {@code write-point}.
 *
 * @param before what the device had, null if it could not be read
 * @param written what was written, as the point holds it
 * @param readBack what the device had afterwards
 * @param quality of what was read back
 * @param at when it was written, by the gateway's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record TagWritten(
        @Nullable JsonNode before,
        JsonNode written,
        @Nullable JsonNode readBack,
        Quality quality,
        Instant at) {}
