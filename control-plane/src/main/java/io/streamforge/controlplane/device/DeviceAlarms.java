package io.streamforge.controlplane.device;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The alarms that a gateway's devices keep, as they stand now.
 *
 * @param adapters those whose devices are asked for alarms, by id
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record DeviceAlarms(List<AdapterAlarms> adapters) {

    /**
     * One adapter's.
     *
     * @param alarms the most severe first, at most 500
     * @param error why they are not known, null if they are
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record AdapterAlarms(
            String adapterId,
            List<DeviceAlarm> alarms,
            @Nullable String error) {}

    /**
     * One alarm.
     *
     * @param eventType what its events are called
     * @param state as in its last event, in the words of ISA-18.2
     * @param eventId of that event: what an answer is to
     * @param since when it came into this state
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record DeviceAlarm(
            String assetId, String eventType, String state, String eventId, Instant since, DeviceCondition condition) {}

    /**
     * What the device says of it.
     *
     * @param branchId an earlier state that still waits for an answer; null for the present one
     * @param severity from 1, of least urgency, to 1000
     * @param active null if the device keeps no such state
     * @param acked null if it cannot be acknowledged
     * @param confirmed null if it need not be confirmed
     * @param comment the last one
     * @param user who commented, as the device knows
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record DeviceCondition(
            String conditionId,
            @Nullable String branchId,
            int severity,
            String message,
            @Nullable Boolean active,
            @Nullable Boolean acked,
            @Nullable Boolean confirmed,
            @Nullable String comment,
            @Nullable String user) {}
}
