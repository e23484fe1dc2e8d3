package io.streamforge.routes.runtime;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One planned route as health and heartbeat tell it.
 *
 * @param routeId the plan's
 * @param template the template's name
 * @param state what it is doing
 * @param detail why, a sentence; null while it is RUNNING
 * @param since when it entered this state, the gateway's clock
 * @param restarts supervised restarts since the gateway started
 * @param inPerS records read per second, over the last five seconds
 * @param outPerS records written per second
 * @param deadPerS records written to the dead letters per second
 * @param lag records between its position and the end of its topics; null where it reads none or it is not known
 * @param source how its source does; null where it has none of its own
 */
public record RouteStatus(
        String routeId,
        String template,
        RouteState state,
        @Nullable String detail,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant since,
        long restarts,
        double inPerS,
        double outPerS,
        double deadPerS,
        @Nullable Long lag,
        @Nullable SourceStatus source) {}
