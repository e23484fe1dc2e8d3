package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says of itself every five seconds.
 *
 * @param version of the gateway's software
 * @param planHash hash of the running plan, null before the first
 * @param runningRevision revision of the running plan, null before the first
 * @param desiredRevision revision it last saw, running or rejected
 * @param rejected the plan it took back, null when the last one runs
 * @param replays those that run and the last that ended; null from a gateway that does not know of them
 * @param at the gateway's clock
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Heartbeat(
        @NotBlank @Size(max = 100) String version,
        @NotNull GatewayHealth health,
        @Nullable String planHash,
        @Nullable Integer runningRevision,
        @Nullable Integer desiredRevision,
        @Nullable @Valid RejectedPlan rejected,
        @NotNull List<@Valid RouteStatus> routes,
        @Nullable List<@Valid ReplayStatus> replays,
        @NotNull @Valid LocalStream stream,
        @NotNull Instant at) {}
