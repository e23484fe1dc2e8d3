package io.streamforge.aggregate;

import java.util.Arrays;
import java.util.List;

/** The contributions to one window of one series, in their canonical order. */
final class Window {

    private final Series series;
    private final long start;
    private Cell[] cells = new Cell[1];
    private int size;
    private long revision = Long.MIN_VALUE;
    private boolean correctionQueued;

    Window(Series series, long start) {
        this.series = series;
        this.start = start;
    }

    Series series() {
        return series;
    }

    /** Microseconds since the epoch, inclusive. */
    long start() {
        return start;
    }

    /** The highest offset that contributed. */
    long revision() {
        return revision;
    }

    List<Cell> cells() {
        return Arrays.asList(cells).subList(0, size);
    }

    /** Takes a contribution to its place; false if it is already there and nothing changed. */
    boolean add(Cell cell) {
        int at = size;
        while (at > 0 && cells[at - 1].compare(cell) > 0) {
            at--;
        }
        if (at > 0 && cells[at - 1].compare(cell) == 0) {
            if (!cell.replaces(cells[at - 1])) {
                return false;
            }
            cells[at - 1] = cell;
        } else {
            if (size == cells.length) {
                cells = Arrays.copyOf(cells, size * 2);
            }
            System.arraycopy(cells, at, cells, at + 1, size - at);
            cells[at] = cell;
            size++;
        }
        revision = Math.max(revision, cell.offset());
        return true;
    }

    /** True the first time until {@link #correctionDone}. */
    boolean queueCorrection() {
        boolean first = !correctionQueued;
        correctionQueued = true;
        return first;
    }

    void correctionDone() {
        correctionQueued = false;
    }
}
