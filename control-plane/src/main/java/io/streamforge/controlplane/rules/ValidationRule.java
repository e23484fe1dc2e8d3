package io.streamforge.controlplane.rules;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a value must be; of several rules that match a reading the most specific wins.
 *
 * @param asset asset id, or a pattern with {@code *}
 * @param parameter name of the parameter, or a pattern with {@code *}
 * @param range bounds a number must keep
 * @param required whether a reading must carry a value; null means no
 */
public record ValidationRule(
        @NotBlank @Size(max = 128) String asset,
        @NotBlank @Size(max = 128) String parameter,
        @Nullable @Valid Range range,
        @Nullable Boolean required) {

    /**
     * Bounds, both included.
     *
     * @param min null: no lower bound
     * @param max null: no upper bound
     */
    public record Range(@Nullable Double min, @Nullable Double max) {}
}
