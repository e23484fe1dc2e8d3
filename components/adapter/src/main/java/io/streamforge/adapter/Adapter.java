package io.streamforge.adapter;

import io.streamforge.model.Batch;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives samples their identity in the stream: asset, origin, and a sequence number that is gapless per asset within an epoch.
 *
 * <p>A batch that was numbered but not taken by the stream must neither leave a hole nor have its numbers given to other values, because some of
 * it may have arrived. So it is kept and goes out again, byte for byte, in front of the next one; a reader knows the second copy by its identity.
 *
 * <p>One batch at a time: {@link #number}, then {@link #taken} or {@link #refused}.
 */
final class Adapter {

    /** More records than this are not kept for a stream that refuses them. */
    static final int MAX_KEPT = 100_000;

    static final String CLOCK_MISSING = "device_time: missing, gateway_time stands in";

    private static final class Series {
        private final byte[] key;
        private long next;

        Series(String asset) {
            this.key = asset.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Origin origin;
    private final String asset;
    private final DeviceClock clock;
    private final Map<String, Series> series = new HashMap<>();
    private @Nullable Batch kept;
    private @Nullable Batch underWay;

    /**
     * @param asset of samples that name none
     */
    Adapter(Origin origin, String asset, DeviceClock clock) {
        this.origin = origin;
        this.asset = asset;
        this.clock = clock;
    }

    /**
     * Makes readings of a poll, after those that the stream did not take before.
     *
     * @throws IllegalStateException if the batch before is still under way, or too much waits already; nothing is numbered then
     */
    Batch number(List<Sample> samples, ReadingCodec codec) {
        if (underWay != null) {
            throw new IllegalStateException(
                    "Adapter '%s' numbers one batch at a time: the source must wait for each exchange."
                            .formatted(origin.adapterId()));
        }
        Batch before = kept;
        if (before != null && before.size() + samples.size() > MAX_KEPT) {
            throw new IllegalStateException(
                    "Adapter '%s' keeps %d readings that the stream did not take, and takes no more."
                            .formatted(origin.adapterId(), before.size()));
        }
        Batch batch = Batch.output();
        for (int i = 0; before != null && i < before.size(); i++) {
            batch.add(before.key(i), before.value(i), 0, 0);
        }
        for (Sample sample : samples) {
            String assetId = sample.asset() == null ? asset : sample.asset();
            Series line = series.computeIfAbsent(assetId, Series::new);
            batch.add(line.key, codec.encode(judged(sample), assetId, origin, line.next), 0, 0);
            line.next++;
        }
        underWay = batch;
        return batch;
    }

    /** The stream has the batch. */
    void taken() {
        kept = null;
        underWay = null;
    }

    /** The stream may not have all of the batch. */
    void refused() {
        kept = underWay;
        underWay = null;
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
