package io.streamforge.controlplane.plant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Names the plant.
 *
 * @param timeZone IANA name such as {@code Europe/Berlin}
 */
record PlantNaming(
        @NotBlank @Size(max = 100) String name,
        @NotBlank @Size(max = 64) String timeZone) {}
