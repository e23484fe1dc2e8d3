package io.streamforge.controlplane.rules;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value must be; of several rules that match a reading the most specific wins, for each kind of check by itself. A check that is null is
 * not stated.
 *
 * @param asset asset id, or a pattern with {@code *}
 * @param parameter name of the parameter, or a pattern with {@code *}
 * @param range bounds a number must keep; outside is BAD
 * @param required whether a reading must carry a value; without is BAD
 * @param warning bounds a number is expected to keep; outside is SUSPECT
 * @param rate how fast a number may change; faster is SUSPECT
 * @param flatline how long a value may stay the same; longer is SUSPECT
 * @param gap how long a series may be silent; longer leaves a gap marker
 * @param duplicates readings with a device time that came before: the same value is dropped and counted, another is SUSPECT
 * @param type number, flag or text; any other is BAD
 * @param unit UCUM code, empty for none; any other is BAD
 * @param allowed the only values, numbers, texts, true or false; any other is BAD
 * @param expression a condition; where it does not hold the reading gets the verdict
 */
public record ValidationRule(
        @NotBlank @Size(max = 128) String asset,
        @NotBlank @Size(max = 128) String parameter,
        @Nullable Range range,
        @Nullable Boolean required,
        @Nullable Range warning,
        @Nullable Rate rate,
        @Nullable Flatline flatline,
        @Nullable Gap gap,
        @Nullable Duplicates duplicates,

        @Schema(allowableValues = {"number", "flag", "text"}) @Nullable
        String type,

        @Size(max = 64) @Nullable String unit,

        @ArraySchema(schema = @Schema(types = {"number", "string", "boolean"})) @Nullable
        List<Object> allowed,

        @Nullable @Valid Expression expression) {

    /**
     * Bounds, both included.
     *
     * @param min null: no lower bound
     * @param max null: no upper bound
     */
    public record Range(@Nullable Double min, @Nullable Double max) {}

    /**
     * @param maxPerSecond in the reading's unit, above 0
     * @param withinMs a reading longer ago is not compared with; null: 600000
     */
    @Schema(name = "RateCheck")
    public record Rate(
            @Nullable Double maxPerSecond, @Nullable Long withinMs) {}

    /**
     * @param afterMs how long a value may stay, by event time
     * @param tolerance how far from where it began a number still counts as staying; null: 0
     */
    @Schema(name = "FlatlineCheck")
    public record Flatline(@Nullable Long afterMs, @Nullable Double tolerance) {}

    /** @param maxGapMs by the gateway's clock; several poll intervals */
    @Schema(name = "GapCheck")
    public record Gap(@Nullable Long maxGapMs) {}

    /** @param remember how many device times of each series are remembered; 0 looks for none, null: 8 */
    @Schema(name = "DuplicatesCheck")
    public record Duplicates(@Nullable Integer remember) {}

    /**
     * @param test in CEL over value, quality, unit, previous and seconds
     * @param verdict of a reading for which it does not hold: SUSPECT or BAD; null: SUSPECT
     */
    @Schema(name = "ExpressionCheck")
    public record Expression(
            @NotBlank @Size(max = io.streamforge.expression.Expression.MAX_LENGTH)
            String test,

            @Schema(allowableValues = {"SUSPECT", "BAD"}) @Nullable
            String verdict) {}
}
