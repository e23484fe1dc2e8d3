package io.streamforge.controlplane.deadletter;

import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which dead letters are meant: those that fit everything that is given. */
record DeadLetterFilter(
        @Parameter(description = "How the letter stands") @Nullable
        DeadLetterState state,

        @Parameter(description = "A gateway's id") @Nullable String gateway,

        @Parameter(description = "The dead letters' topic, for instance dlq.telemetry") @Nullable
        String topic,

        @Parameter(description = "The route that refused it") @Nullable
        String stage,

        @Parameter(description = "Reason code, for instance RANGE") @Nullable
        String reason,

        @Parameter(description = "The asset's name, or a part of it") @Nullable
        String asset,

        @Parameter(description = "Refused at or after this time") @Nullable
        Instant from,

        @Parameter(description = "Refused before this time") @Nullable
        Instant to) {}
