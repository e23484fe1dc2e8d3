package io.streamforge.controlplane.gateway;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Which stage or sink is to be run once more, and over what.
 *
 * @param id chosen by the caller, so that asking twice begins one replay; made up where it is null
 * @param routeId of the running plan
 * @param from when the records were written to the stream (ISO 8601), or the offset to begin at in every partition
 * @param to the first time or offset that is left out; null for everything there is when the replay begins
 * @param into the side topic that takes a stage's results; null for a sink, which delivers to its own system
 * @param ratePerS most records read per second
 */
public record ReplayRequest(
        @Nullable @Pattern(regexp = ID, message = ID_RULE) String id,
        @NotBlank @Size(max = 200) String routeId,

        @NotBlank @Pattern(regexp = POSITION, message = POSITION_RULE)
        String from,

        @Nullable @Pattern(regexp = POSITION, message = POSITION_RULE)
        String to,

        @Nullable
        @Pattern(
                regexp = "[a-z0-9][a-z0-9._-]{0,199}",
                message = "must be a topic's name of lower-case letters, digits, '.', '_' and '-'")
        String into,

        @Min(1) @Max(1_000_000) @Nullable Integer ratePerS) {

    static final String ID = "[a-z0-9][a-z0-9-]{0,39}";
    static final String ID_RULE = "must be 1 to 40 lower-case letters, digits and hyphens";
    static final String POSITION = "\\d{1,18}|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?Z";
    static final String POSITION_RULE = "must be a time in UTC such as 2026-11-20T00:00Z, or an offset";

    /** What a replay may read per second if nobody says otherwise: well below what the stages do, so that the live path keeps its share. */
    static final int STANDARD_RATE = 5000;
}
