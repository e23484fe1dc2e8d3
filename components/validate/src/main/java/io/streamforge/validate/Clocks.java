package io.streamforge.validate;

import io.streamforge.model.Alarm;
import io.streamforge.model.Origin;
import io.streamforge.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which adapters deliver times of wrong device clocks. An adapter may stand for many devices: the alarm begins with its first series whose
 * clock is wrong and ends with its last.
 */
final class Clocks {

    /** A clock may be wrong by so much, in either direction. */
    static final Duration TOLERANCE = Duration.ofSeconds(10);

    private static final String RULE = "system.clock-skew";

    /** One adapter with at least one wrong clock. */
    static final class Skewed {
        private final Origin origin;
        private final Instant since;
        private int series;

        private Skewed(Origin origin, Instant since) {
            this.origin = origin;
            this.since = since;
        }
    }

    private final Map<String, Skewed> byAdapter = new HashMap<>();

    static boolean wrong(long skewMs) {
        return skewMs > TOLERANCE.toMillis() || skewMs < -TOLERANCE.toMillis();
    }

    /** A series' clock became wrong; true if it is its adapter's first. */
    boolean begin(Signal signal, Origin origin, long gatewayTimeMicros) {
        Skewed adapter = byAdapter.computeIfAbsent(
                origin.adapterId(), id -> new Skewed(origin, Instant.EPOCH.plus(gatewayTimeMicros, ChronoUnit.MICROS)));
        adapter.series++;
        signal.setSkewed(adapter);
        return adapter.series == 1;
    }

    /** A series' clock is right again, or the series is known no longer; true if it was its adapter's last wrong one. */
    boolean end(Signal signal) {
        Skewed adapter = signal.skewed();
        if (adapter == null) {
            return false;
        }
        signal.setSkewed(null);
        adapter.series--;
        return adapter.series == 0 && byAdapter.remove(adapter.origin.adapterId(), adapter);
    }

    /** The alarm as it begins. */
    static Alarm raised(Skewed adapter, long skewMs) {
        return alarm(
                adapter,
                Alarm.State.ACTIVE,
                null,
                skewMs,
                "Adapter '%s': a device clock is %d ms %s the gateway's, at most %d ms are allowed. Set the device's clock, or the gateway's."
                        .formatted(
                                adapter.origin.adapterId(),
                                Math.abs(skewMs),
                                skewMs > 0 ? "behind" : "ahead of",
                                TOLERANCE.toMillis()));
    }

    /**
     * The alarm as it ends.
     *
     * @param atMicros the gateway's time
     */
    static Alarm cleared(Skewed adapter, long atMicros, long skewMs) {
        return alarm(
                adapter,
                Alarm.State.CLEARED,
                Instant.EPOCH.plus(atMicros, ChronoUnit.MICROS),
                skewMs,
                "Adapter '%s': no device clock is wrong any more.".formatted(adapter.origin.adapterId()));
    }

    private static Alarm alarm(
            Skewed adapter, Alarm.State state, @Nullable Instant clearedAt, long skewMs, String message) {
        String alarmId = RULE + "." + adapter.origin.adapterId();
        return new Alarm(
                alarmId,
                alarmId + "@" + adapter.since,
                adapter.origin.adapterId(),
                "CLOCK_SKEW",
                Alarm.Severity.MEDIUM,
                state,
                false,
                null,
                null,
                adapter.since,
                null,
                null,
                clearedAt,
                new Value.Whole(skewMs),
                new Value.Whole(TOLERANCE.toMillis()),
                "ms",
                message,
                RULE,
                adapter.origin);
    }
}
