package io.streamforge.aggregate;

import io.streamforge.model.SeriesMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one partition and how far its event time has come. All decisions that outlive a restart (what is too late, what is dropped)
 * rest on the records alone, so that re-reading them decides the same; only when to give out a silent window is asked of the wall clock.
 */
final class Partition {

    /** All windows with one start, so that closing and dropping them costs nothing per series. */
    private static final class Slot {
        private final List<Window> windows = new ArrayList<>();
        private long lowestOffset = Long.MAX_VALUE;
    }

    /** In microseconds: records that are re-read come without pauses, so one as long as this means that no more will come. */
    private static final long WARM_UP_PAUSE = 60_000_000;

    private final long resolution;
    private final long lateness;
    private final long held;
    private final SeriesMap<Series> series = new SeriesMap<>();
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final List<Window> corrections = new ArrayList<>();
    private long progress = Long.MIN_VALUE;
    private long progressOffset;
    private long arrivedAt;
    private long closedUpTo;
    private boolean warming;

    /**
     * Everything in microseconds.
     *
     * @param closedUpTo the end of the latest window that was given out before a restart: it may have been the wall clock that closed it
     */
    Partition(long resolution, long lateness, long held, long closedUpTo) {
        this.resolution = resolution;
        this.lateness = lateness;
        this.held = held;
        this.closedUpTo = closedUpTo;
    }

    /**
     * Moves event time on.
     *
     * @param time a record's event time, but never ahead of the clock that it was read by: one device's wrong clock must not close the
     *     windows of the others
     * @param now wall clock
     * @param warmUp whether the record is re-read
     */
    void advance(long time, long offset, long now, boolean warmUp) {
        if (time > progress) {
            progress = time;
            progressOffset = offset;
        }
        arrivedAt = now;
        warming = warmUp;
    }

    /** The stream says that nothing more is to be re-read. */
    void warm() {
        warming = false;
    }

    /** Whether a record of this time can still find its window. */
    boolean holds(long time) {
        return startOf(time) + resolution + held > progress;
    }

    /** The series whose names stand at these places, made if need be. */
    Series series(byte[] bytes, int assetAt, int assetLength, int parameterAt, int parameterLength) {
        Series known = series.get(bytes, assetAt, assetLength, parameterAt, parameterLength);
        if (known != null) {
            return known;
        }
        Series made = new Series(
                Arrays.copyOfRange(bytes, assetAt, assetAt + assetLength),
                Arrays.copyOfRange(bytes, parameterAt, parameterAt + parameterLength));
        series.put(made.asset(), made.parameter(), made);
        return made;
    }

    /** Takes a cell into its window. */
    void add(Series owner, Cell cell) {
        long start = startOf(cell.time());
        Slot slot = slots.computeIfAbsent(start, key -> new Slot());
        Window window = owner.window(start);
        if (window == null) {
            window = owner.open(start);
            slot.windows.add(window);
        }
        if (window.add(cell)) {
            slot.lowestOffset = Math.min(slot.lowestOffset, cell.offset());
            if (start + resolution <= closedUpTo && window.queueCorrection()) {
                corrections.add(window);
            }
        }
    }

    /**
     * Gives out every window that closes now or was corrected, then drops what is held no longer.
     *
     * @param now wall clock, null to leave it aside
     */
    void settle(@Nullable Long now, Consumer<Window> out) {
        if (progress == Long.MIN_VALUE) {
            return;
        }
        long watermark = watermark(now);
        giveDue(watermark, out);
        for (Window window : corrections) {
            window.correctionDone();
            out.accept(window);
        }
        corrections.clear();
        Iterator<Slot> expired =
                slots.headMap(progress - held - resolution, true).values().iterator();
        while (expired.hasNext()) {
            for (Window window : expired.next().windows) {
                Series owner = window.series();
                if (owner.drop(window)) {
                    series.remove(owner.asset(), owner.parameter());
                }
            }
            expired.remove();
        }
    }

    private void giveDue(long watermark, Consumer<Window> out) {
        if (watermark <= closedUpTo) {
            return;
        }
        for (var due : slots.tailMap(closedUpTo - resolution, false)
                .headMap(watermark - resolution, true)
                .entrySet()) {
            due.getValue().windows.forEach(out);
            closedUpTo = due.getKey() + resolution;
        }
    }

    /** Event time up to which windows are due; a partition that is silent goes on with the wall clock. */
    private long watermark(@Nullable Long now) {
        long silent = now == null ? 0 : Math.max(0, now - arrivedAt);
        long patience = warming ? Math.max(lateness, WARM_UP_PAUSE) : lateness;
        return progress - lateness + (silent >= patience ? silent : 0);
    }

    /** The lowest offset from which the stream must be re-read to come to this state again. */
    long warmOffset() {
        long lowest = progressOffset;
        for (Slot slot : slots.values()) {
            lowest = Math.min(lowest, slot.lowestOffset);
        }
        return lowest;
    }

    /** The end of the latest window that was given out. */
    long closedUpTo() {
        return closedUpTo;
    }

    /** Whether any record came yet. */
    boolean started() {
        return progress != Long.MIN_VALUE;
    }

    int seriesCount() {
        return series.size();
    }

    private long startOf(long time) {
        return Math.floorDiv(time, resolution) * resolution;
    }
}
