package io.streamforge.adapter;

import io.streamforge.model.Batch;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Observation;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives samples and state changes their identity in the stream: asset, origin, and a sequence number that is gapless per asset within an epoch, or
 * an event's id.
 *
 * <p>A batch that was numbered but not taken by the stream must neither leave a hole nor have its numbers given to other values, because some of
 * it may have arrived. So it is kept and goes out again, byte for byte, in front of the next one; a reader knows the second copy by its identity.
 *
 * <p>One batch at a time: {@link #number}, then {@link #ended}.
 */
final class Adapter {

    /** More records than this are not kept for a stream that refuses them. */
    static final int MAX_KEPT = 100_000;

    static final String CLOCK_MISSING = "device_time: missing, gateway_time stands in";

    /**
     * What one exchange becomes.
     *
     * @param readings for telemetry.raw
     * @param events for events.raw
     */
    record Numbered(Batch readings, Batch events) {

        private int size() {
            return readings.size() + events.size();
        }
    }

    private static final class Series {
        private final byte[] key;
        private long next;
        private long nextEvent;

        Series(String asset) {
            this.key = asset.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Origin origin;
    private final String asset;
    private final DeviceClock clock;
    private final Map<String, Series> series = new HashMap<>();
    private @Nullable Numbered kept;
    /** The list whose observations are the last of those kept or under way. */
    private @Nullable List<?> last;

    private @Nullable Numbered underWay;

    /**
     * @param asset of samples that name none
     */
    Adapter(Origin origin, String asset, DeviceClock clock) {
        this.origin = origin;
        this.asset = asset;
        this.clock = clock;
    }

    /**
     * Makes readings and events of a poll, after those that the stream did not take before. The very list that it refused last is not numbered
     * once more: what was kept of it goes out again.
     *
     * @throws IllegalStateException if the batch before is still under way, or too much waits already; nothing is numbered then
     */
    Numbered number(List<Observation> observations, ReadingCodec readingCodec, EventCodec eventCodec) {
        if (underWay != null) {
            throw new IllegalStateException(
                    "Adapter '%s' numbers one batch at a time: the source must wait for each exchange."
                            .formatted(origin.adapterId()));
        }
        Numbered before = kept;
        boolean again = before != null && observations == last;
        if (before != null && !again && before.size() + observations.size() > MAX_KEPT) {
            throw new IllegalStateException(
                    "Adapter '%s' keeps %d records that the stream did not take, and takes no more."
                            .formatted(origin.adapterId(), before.size()));
        }
        Numbered numbered = new Numbered(Batch.output(), Batch.output());
        if (before != null) {
            copy(before.readings(), numbered.readings());
            copy(before.events(), numbered.events());
        }
        numbered.readings().ensureCapacity(numbered.readings().size() + (again ? 0 : observations.size()));
        String lastAsset = asset;
        Series line = series(asset);
        for (Observation observation : again ? List.<Observation>of() : observations) {
            if (observation instanceof Sample sample) {
                String assetId = sample.asset() == null ? asset : sample.asset();
                if (!assetId.equals(lastAsset)) {
                    lastAsset = assetId;
                    line = series(assetId);
                }
                numbered.readings()
                        .add(line.key, readingCodec.encode(judged(sample), assetId, origin, line.next), 0, 0);
                line.next++;
            } else if (observation instanceof StateChange change) {
                String assetId = change.asset() == null ? asset : change.asset();
                Series changed = series(assetId);
                numbered.events().add(changed.key, eventCodec.encode(event(change, assetId, changed)), 0, 0);
            }
        }
        underWay = numbered;
        last = observations;
        return numbered;
    }

    private Series series(String assetId) {
        return series.computeIfAbsent(assetId, Series::new);
    }

    private static void copy(Batch from, Batch to) {
        for (int i = 0; i < from.size(); i++) {
            to.add(from.key(i), from.value(i), 0, 0);
        }
    }

    private Event event(StateChange change, String assetId, Series line) {
        boolean clockMissing = clock == DeviceClock.DEVICE
                && change.deviceTime() == null
                && change.quality().compareTo(Quality.UNCERTAIN) < 0;
        return new Event(
                eventId(change, assetId, line),
                assetId,
                change.eventType(),
                change.previousState(),
                change.newState(),
                change.deviceTime(),
                change.gatewayTime(),
                change.deviceTime() == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                clockMissing ? Quality.UNCERTAIN : change.quality(),
                origin,
                change.condition(),
                clockMissing ? "device_time: missing, gateway_time stands in" : null);
    }

    /**
     * The sender's own where it gave one. Otherwise made of what happened when by the device's clock, so that a repeated event is the same; where
     * there is no such clock nothing can be repeated but by this stage, and a number in the epoch will do.
     */
    private String eventId(StateChange change, String assetId, Series line) {
        String given = change.eventId();
        if (given != null) {
            return given;
        }
        Instant time = change.deviceTime();
        String what = time == null
                ? "epoch %d number %d".formatted(origin.epoch(), line.nextEvent)
                : "%s %s %s".formatted(change.eventType(), time, change.newState());
        line.nextEvent++;
        return UUID.nameUUIDFromBytes("%s %s %s %s"
                        .formatted(origin.gatewayId(), origin.adapterId(), assetId, what)
                        .getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** @param taken false if the stream may not have all of the batch */
    void ended(boolean taken) {
        kept = taken ? null : underWay;
        underWay = null;
        if (taken) {
            last = null;
        }
    }

    private Sample judged(Sample sample) {
        if (clock == DeviceClock.NONE
                || sample.deviceTime() != null
                || sample.quality().compareTo(Quality.UNCERTAIN) >= 0) {
            return sample;
        }
        return new Sample(
                sample.asset(),
                sample.parameter(),
                sample.value(),
                sample.unit(),
                sample.classification(),
                Quality.UNCERTAIN,
                CLOCK_MISSING,
                null,
                sample.gatewayTime());
    }
}
