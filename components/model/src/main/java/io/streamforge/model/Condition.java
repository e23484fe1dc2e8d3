package io.streamforge.model;

import org.jspecify.annotations.Nullable;

/**
 * An alarm or condition that a device itself keeps, as it is after a change (OPC 10000-9 §5.5).
 *
 * @param conditionId the device's identity of the condition, the same at each of its changes
 * @param branchId an earlier state that still waits for an answer; null for the present one
 * @param severity from 1, of least urgency, to 1000
 * @param message what the device says of it
 * @param active whether what it warns of is so; null if the device keeps no such state
 * @param acked null if it cannot be acknowledged
 * @param confirmed null if it need not be confirmed
 * @param retain whether it is still of interest to an operator
 * @param comment the last one; null if there is none
 * @param user who commented, as the device knows; null if it does not
 */
public record Condition(
        String conditionId,
        @Nullable String branchId,
        int severity,
        String message,
        @Nullable Boolean active,
        @Nullable Boolean acked,
        @Nullable Boolean confirmed,
        boolean retain,
        @Nullable String comment,
        @Nullable String user) {}
