package io.streamforge.ledger;

import io.streamforge.model.Origin;
import io.streamforge.model.ReadingView;
import io.streamforge.model.SeriesMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Follows the sequence of each adapter and asset through one partition of {@code telemetry.raw}. An asset is one partition, so numbers come
 * in order: what is left out is missing. It can still come, when the stream took only the end of a batch and the adapter sends all of it again.
 */
final class Sequences {

    /** Numbers of one adapter, epoch and asset that did not come between two that did. */
    static final class Gap {
        final Origin origin;
        final String asset;
        final long minute;
        long first;
        long last;

        Gap(Origin origin, String asset, long minute, long first, long last) {
            this.origin = origin;
            this.asset = asset;
            this.minute = minute;
            this.first = first;
            this.last = last;
        }
    }

    private static final class Track {
        final byte[] asset;
        final byte[] sender;
        long epoch;
        long next;
        long offset;
        long timeMicros;

        Track(byte[] asset, byte[] sender) {
            this.asset = asset;
            this.sender = sender;
        }
    }

    private final long horizonMicros;
    private final boolean fromTheBeginning;
    private final SeriesMap<Track> tracks = new SeriesMap<>();
    private final List<Track> all = new ArrayList<>();
    private List<Gap> gaps = new ArrayList<>();
    private long latestMicros;

    /** @param fromTheBeginning whether the first record of an asset must have its first number: nothing came before what is followed */
    Sequences(long horizonMicros, boolean fromTheBeginning) {
        this.horizonMicros = horizonMicros;
        this.fromTheBeginning = fromTheBeginning;
    }

    /**
     * The next record of the partition.
     *
     * @param counted whether it was counted in an earlier life already: then its gaps were named too
     * @return false if its number came before
     */
    boolean follow(ReadingView reading, long offset, boolean counted) {
        byte[] bytes = reading.bytes();
        int senderLength = reading.adapterEnd() - reading.originOffset();
        Track track =
                tracks.get(bytes, reading.assetOffset(), reading.assetLength(), reading.originOffset(), senderLength);
        long sequence = reading.sequence();
        boolean isNew = true;
        if (track == null) {
            track = new Track(
                    Arrays.copyOfRange(bytes, reading.assetOffset(), reading.assetOffset() + reading.assetLength()),
                    Fate.sender(reading));
            tracks.put(track.asset, track.sender, track);
            all.add(track);
            track.epoch = reading.epoch();
            track.next = sequence + 1;
            if (fromTheBeginning) {
                missing(reading, 0, sequence, counted);
            }
        } else if (reading.epoch() > track.epoch) {
            track.epoch = reading.epoch();
            missing(reading, 0, sequence, counted);
            track.next = sequence + 1;
        } else if (reading.epoch() == track.epoch && sequence >= track.next) {
            missing(reading, track.next, sequence, counted);
            track.next = sequence + 1;
        } else {
            isNew = reading.epoch() < track.epoch || fills(reading, sequence);
        }
        track.offset = offset;
        track.timeMicros = reading.gatewayTimeMicros();
        latestMicros = Math.max(latestMicros, track.timeMicros);
        return isNew;
    }

    private void missing(ReadingView reading, long from, long to, boolean counted) {
        if (from < to && !counted) {
            gaps.add(new Gap(
                    reading.origin(), reading.assetId(), Fate.minute(reading.gatewayTimeMicros()), from, to - 1));
        }
    }

    private boolean fills(ReadingView reading, long sequence) {
        for (int i = 0; i < gaps.size(); i++) {
            Gap gap = gaps.get(i);
            if (sequence < gap.first
                    || sequence > gap.last
                    || gap.origin.epoch() != reading.epoch()
                    || !gap.asset.equals(reading.assetId())
                    || !gap.origin.adapterId().equals(reading.adapterId())
                    || !gap.origin.gatewayId().equals(reading.gatewayId())) {
                continue;
            }
            if (sequence < gap.last) {
                gaps.add(new Gap(gap.origin, gap.asset, gap.minute, sequence + 1, gap.last));
            }
            gap.last = sequence - 1;
            if (gap.first > gap.last) {
                gaps.remove(i);
            }
            return true;
        }
        return false;
    }

    boolean hasGaps() {
        return !gaps.isEmpty();
    }

    /** What is missing now; it is not answered again. */
    List<Gap> takeGaps() {
        List<Gap> taken = gaps;
        gaps = new ArrayList<>();
        return taken;
    }

    /** Forgets who has been silent for longer than the horizon, and says from which offset the others' positions can be rebuilt. */
    long warmOffset(long otherwise) {
        long oldest = latestMicros - horizonMicros;
        all.removeIf(track -> {
            boolean expired = track.timeMicros < oldest;
            if (expired) {
                tracks.remove(track.asset, track.sender);
            }
            return expired;
        });
        long warm = otherwise;
        for (Track track : all) {
            warm = Math.min(warm, track.offset);
        }
        return warm;
    }
}
