package io.streamforge.controlplane.ledger;

import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which sums are meant: those that fit everything that is given. */
record LedgerFilter(
        @Parameter(description = "A gateway's id") @Nullable String gateway,

        @Parameter(description = "An adapter's id") @Nullable
        String adapter,

        @Parameter(description = "Read in this minute or later, by the gateway's clock") @Nullable
        Instant from,

        @Parameter(description = "Read before this minute") @Nullable
        Instant to) {}
