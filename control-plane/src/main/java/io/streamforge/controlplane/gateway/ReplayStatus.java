package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay of a gateway, as its last heartbeat told: one that runs, or one of the last that ended.
 *
 * @param routeId the stage or sink that is run once more
 * @param into the side topic, null for a sink
 * @param done offsets that are behind it
 * @param total offsets from its beginning to its end, which were fixed when it began
 * @param detail why it does not get on, or why it failed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplayStatus(
        @NotBlank @Size(max = 40) String id,
        @NotBlank @Size(max = 200) String routeId,
        @Nullable @Size(max = 200) String into,
        @NotNull ReplayState state,
        @PositiveOrZero int ratePerS,
        @PositiveOrZero long done,
        @PositiveOrZero long total,
        @Nullable @Size(max = 2000) String detail,
        @NotNull Instant startedAt,
        @Nullable Instant endedAt) {}
