package io.streamforge.controlplane.gateway;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One route of a gateway, as its last heartbeat told.
 *
 * @param template such as {@code adapter}
 * @param detail why, where the state needs a reason
 * @param since when the route entered this state, by the gateway's clock
 * @param restarts since the gateway started
 * @param inPerS records read per second
 * @param outPerS records written per second
 * @param deadPerS records written to dead letters per second, null where the route writes none
 * @param lag records between its position and the end of its topics, null where it reads none
 * @param source how its source does, null where it has none or comes from a gateway that does not tell
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RouteStatus(
        @NotBlank @Size(max = 200) String routeId,
        @NotBlank @Size(max = 100) String template,
        @NotNull RouteState state,
        @Nullable @Size(max = 2000) String detail,
        @NotNull Instant since,
        @PositiveOrZero long restarts,
        @PositiveOrZero double inPerS,
        @PositiveOrZero double outPerS,
        @Nullable @PositiveOrZero Double deadPerS,
        @Nullable @PositiveOrZero Long lag,
        @Nullable @Valid SourceStatus source) {}
