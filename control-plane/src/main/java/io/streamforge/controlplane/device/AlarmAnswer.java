package io.streamforge.controlplane.device;

import io.streamforge.controlplane.gateway.Arguments.AlarmAction;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * An operator's answer to a device's alarm.
 *
 * @param assetId as the alarm was shown
 * @param eventType as the alarm was shown
 * @param eventId of what was shown: if the alarm has changed since, it is not answered
 * @param comment goes to the device with the operator's name in front
 */
record AlarmAnswer(
        @NotBlank String adapterId,
        @NotBlank String assetId,
        @NotBlank String eventType,
        @NotBlank String conditionId,
        @NotNull @Pattern(regexp = "([0-9a-f]{2})+") String eventId,
        @NotNull AlarmAction action,
        @NotNull @Size(max = 500) String comment) {}
