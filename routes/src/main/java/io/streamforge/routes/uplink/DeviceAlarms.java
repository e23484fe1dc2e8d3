package io.streamforge.routes.uplink;

import io.streamforge.adapter.AlarmDesk;
import io.streamforge.adapter.AlarmDesk.DeviceAlarm;
import io.streamforge.model.Condition;
import io.streamforge.routes.runtime.AlarmTarget;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The alarms that the devices of this gateway's adapters keep themselves: shown to operators as they stand now, and answered. */
final class DeviceAlarms {

    /** More than an operator can look through. */
    private static final int MOST = 500;

    /** What a listing answers. */
    record Desks(List<Desk> adapters) {}

    /**
     * One adapter's.
     *
     * @param alarms the most severe first, at most 500
     * @param error why they are not known, null if they are
     */
    record Desk(
            String adapterId,
            List<Standing> alarms,
            @Nullable String error) {}

    /** One alarm; what it is called is its events' type, and its state their new state. */
    record Standing(
            String assetId, String eventType, String state, String eventId, Instant since, Condition condition) {}

    private final Supplier<SortedMap<String, AlarmTarget>> targets;

    DeviceAlarms(Supplier<SortedMap<String, AlarmTarget>> targets) {
        this.targets = targets;
    }

    Desks list() {
        List<Desk> desks = new ArrayList<>();
        targets.get().forEach((adapterId, target) -> {
            try {
                List<Standing> alarms = target.desk().alarms().stream()
                        .limit(MOST)
                        .map(alarm -> standing(alarm, target))
                        .toList();
                desks.add(new Desk(adapterId, alarms, null));
            } catch (IOException e) {
                desks.add(new Desk(adapterId, List.of(), e.getMessage()));
            }
        });
        return new Desks(desks);
    }

    private static Standing standing(DeviceAlarm alarm, AlarmTarget target) {
        return new Standing(
                alarm.asset() == null ? target.asset() : alarm.asset(),
                alarm.name(),
                alarm.state(),
                alarm.eventId(),
                alarm.since(),
                alarm.condition());
    }

    /** @throws IOException if the device refused it or cannot be asked */
    void answer(String adapterId, AlarmDesk.Answer answer) throws IOException {
        AlarmTarget target = targets.get().get(adapterId);
        if (target == null) {
            throw new IllegalArgumentException(
                    "Adapter '%s' does not run on this gateway, or takes no alarms.".formatted(adapterId));
        }
        target.desk().answer(answer);
    }
}
