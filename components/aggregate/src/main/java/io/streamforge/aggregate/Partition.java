package io.streamforge.aggregate;

import io.streamforge.model.SeriesMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one partition and how far its event time has come. All decisions that outlive a restart (what is too late, what is dropped)
 * rest on the records alone, so that re-reading them decides the same; only when to give out a silent window is asked of the wall clock.
 */
final class Partition {

    /** Takes a window that is due. */
    interface Out {
        /** @param bookmark whether the series' windows come in their order and this one for the first time */
        void give(Series series, long start, boolean bookmark);
    }

    /** All windows with one start. */
    private static final class Slot {
        /** Whose window is still to be given out. */
        private List<Series> due = new ArrayList<>();

        private long lowestOffset = Long.MAX_VALUE;
    }

    private record Correction(Series series, long start) {}

    /** In microseconds: records that are re-read come without pauses, so one as long as this means that no more will come. */
    private static final long WARM_UP_PAUSE = 60_000_000;

    private final long resolution;
    private final long lateness;
    private final long held;
    private final Workbench bench;
    private final SeriesMap<Series> series = new SeriesMap<>();
    private final List<Series> all = new ArrayList<>();
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final Set<Correction> corrections = new LinkedHashSet<>();
    private long slotStart = -1;
    private Slot slot = new Slot();
    private long progress = Long.MIN_VALUE;
    private long progressOffset;
    private long arrivedAt;
    private long closedUpTo;
    private long heldFrom;
    private long swept;
    private boolean warming;

    /**
     * Everything in microseconds.
     *
     * @param closedUpTo the end of the latest window that was given out before a restart: it may have been the wall clock that closed it
     */
    Partition(long resolution, long lateness, long held, long closedUpTo, Workbench bench) {
        this.resolution = resolution;
        this.lateness = lateness;
        this.held = held;
        this.closedUpTo = closedUpTo;
        this.bench = bench;
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

    /** The start of the window that a record of this time belongs to. */
    long startOf(long time) {
        return time >= slotStart && time - slotStart < resolution && slotStart >= 0
                ? slotStart
                : Math.floorDiv(time, resolution) * resolution;
    }

    /** Whether a window can still be corrected. */
    boolean holds(long start) {
        return start + resolution + held > progress;
    }

    /**
     * Whether a finer window can change no more, by its end: the stage before holds it for as long as this one at most, and may have given out
     * a later one for a device whose clock is ahead by as much.
     */
    boolean isFinal(long end) {
        return end + 2 * held <= progress;
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
        all.add(made);
        return made;
    }

    /** Takes a reading into its window. */
    void add(Series owner, Cell cell, long start) {
        add(owner, cell, start, Long.MIN_VALUE);
    }

    /**
     * Takes a finer window, which is not final, into its window.
     *
     * @param length of this one and the others of its topic
     */
    void addPart(Series owner, Cell cell, long start, long length) {
        add(owner, cell, start, progress - 2 * held - length);
    }

    private void add(Series owner, Cell cell, long start, long finalUpTo) {
        if (!owner.add(cell, bench, heldFrom, finalUpTo)) {
            return;
        }
        if (start != slotStart) {
            slot = slots.computeIfAbsent(start, key -> new Slot());
            slotStart = start;
        }
        slot.lowestOffset = Math.min(slot.lowestOffset, cell.offset);
        if (start + resolution > closedUpTo) {
            // What comes between two open windows in turns is listed more than once; its bookmark knows.
            if (owner.latestListed() != start) {
                owner.list(start);
                slot.due.add(owner);
            }
        } else if (!warming) {
            corrections.add(new Correction(owner, start));
        }
    }

    /**
     * Gives out every window that was corrected or closes now, then drops what is held no longer. Corrections go first: a batch may span hours
     * of event time, and behind the windows of its end the corrections of its beginning would come when a coarser resolution holds their window
     * no longer.
     *
     * @param now wall clock, null to leave it aside
     */
    void settle(@Nullable Long now, Out out) {
        settleUpTo(watermark(now), out);
    }

    /** Gives out every window, for nothing more comes. */
    void end(Out out) {
        settleUpTo(Long.MAX_VALUE, out);
    }

    private void settleUpTo(long watermark, Out out) {
        if (progress == Long.MIN_VALUE) {
            return;
        }
        for (Correction correction : corrections) {
            out.give(correction.series, correction.start, false);
        }
        corrections.clear();
        giveDue(watermark, out);
        heldFrom = Math.max(0, Math.floorDiv(progress - held - resolution, resolution) * resolution + resolution);
        slots.headMap(heldFrom).clear();
        if (slotStart < heldFrom) {
            slotStart = -1;
        }
        if (heldFrom - swept > held) {
            sweep();
        }
    }

    private void giveDue(long watermark, Out out) {
        if (watermark <= closedUpTo) {
            return;
        }
        for (Map.Entry<Long, Slot> entry : slots.tailMap(closedUpTo - resolution, false)
                .headMap(watermark - resolution, true)
                .entrySet()) {
            long start = entry.getKey();
            Slot closing = entry.getValue();
            for (Series owner : closing.due) {
                out.give(owner, start, true);
            }
            closing.due = List.of();
            closedUpTo = start + resolution;
        }
    }

    /** Event time up to which windows are due; a partition that is silent goes on with the wall clock. */
    private long watermark(@Nullable Long now) {
        long silent = now == null ? 0 : Math.max(0, now - arrivedAt);
        long patience = warming ? Math.max(lateness, WARM_UP_PAUSE) : lateness;
        return progress - lateness + (silent >= patience ? silent : 0);
    }

    /** Forgets the series that hold nothing any more. Once per held time is enough: it goes through all of them. */
    private void sweep() {
        swept = heldFrom;
        all.removeIf(one -> {
            boolean silent = one.latest() < heldFrom;
            if (silent) {
                series.remove(one.asset(), one.parameter());
            }
            return silent;
        });
    }

    /** The lowest offset from which the stream must be re-read to come to this state again. */
    long warmOffset() {
        long lowest = progressOffset;
        for (Slot each : slots.values()) {
            lowest = Math.min(lowest, each.lowestOffset);
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
}
