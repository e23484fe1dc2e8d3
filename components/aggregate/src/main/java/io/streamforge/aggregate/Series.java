package io.streamforge.aggregate;

import java.util.Arrays;

/**
 * One signal with the contributions to all its held windows, packed in their canonical order: a window is a stretch of them. That is as small
 * as it gets, which matters: a plant has a hundred thousand signals, and each holds a minute of them and more.
 */
final class Series {

    private static final int FIRST_CAPACITY = 48;
    private static final int MOST_SOURCES = 16;

    private final byte[] asset;
    private final byte[] parameter;
    private byte[] packed = new byte[FIRST_CAPACITY];
    private final Mark head = new Mark();
    private final Mark next = new Mark();
    private final Mark tail = new Mark();
    private Source[] sources = {};
    private long listed = Long.MIN_VALUE;

    Series(byte[] asset, byte[] parameter) {
        this.asset = asset;
        this.parameter = parameter;
    }

    /** UTF-8, not to be modified. */
    byte[] asset() {
        return asset;
    }

    /** UTF-8, not to be modified. */
    byte[] parameter() {
        return parameter;
    }

    Source source(int index) {
        return sources[index];
    }

    /** Time of the latest contribution, microseconds since the epoch. */
    long latest() {
        return tail.time;
    }

    /** Start of the window that was listed last to be given out. */
    long latestListed() {
        return listed;
    }

    void list(long start) {
        listed = start;
    }

    /** The index of the source whose bytes stand at these places of a record. */
    int sourceIndex(Workbench bench, byte[] record, int unitAt, int unitLength, int originAt, int originLength) {
        for (int i = sources.length - 1; i >= 0; i--) {
            if (sources[i].is(record, unitAt, unitLength, originAt, originLength)) {
                return i;
            }
        }
        if (sources.length >= MOST_SOURCES) {
            forgetSources(bench);
        }
        sources = Arrays.copyOf(sources, sources.length + 1);
        sources[sources.length - 1] = bench.sources.of(record, unitAt, unitLength, originAt, originLength);
        return sources.length - 1;
    }

    /**
     * Takes a contribution to its place; false if it is already there and nothing changed.
     *
     * @param heldFrom what is older than this is needed no more
     * @param finalUpTo what is not younger than this stays what it is
     */
    boolean add(Cell cell, Workbench bench, long heldFrom, long finalUpTo) {
        if (cell.time > tail.time
                || (cell.time == tail.time && cell.sequence > tail.sequence && !cell.isPart())
                || head.at == tail.at) {
            append(cell, bench, heldFrom, finalUpTo);
            return true;
        }
        return insert(cell, bench, heldFrom);
    }

    /**
     * Reads a window's contributions in their order.
     *
     * @param bookmark whether this is the first time and windows come in their order: then the reading goes on where it stopped
     * @return false if there are none, or none that have not been read
     */
    boolean read(long start, long end, boolean bookmark, Workbench bench, Summary into) {
        Mark mark = bench.mark;
        mark.set(bookmark ? next : head);
        if (bookmark && mark.time >= start) {
            return false;
        }
        Cell cell = bench.read;
        boolean any = false;
        into.begin(start, end);
        while (mark.at < tail.at) {
            if (bookmark) {
                next.set(mark);
            }
            bench.codec.unpack(packed, mark, cell);
            if (cell.time >= end) {
                return any;
            }
            if (cell.time >= start) {
                into.add(cell);
                any = true;
            }
        }
        if (bookmark) {
            next.set(mark);
        }
        return any;
    }

    private void append(Cell cell, Workbench bench, long heldFrom, long finalUpTo) {
        boolean part = cell.isPart();
        if (part) {
            bench.before.set(tail);
        }
        Packer out = bench.codec.pack(cell, tail);
        int at = tail.at - out.length();
        if (tail.at > packed.length) {
            boolean folded = false;
            if (part) {
                tail.set(bench.before);
                folded = fold(bench, heldFrom, finalUpTo);
                out = bench.codec.pack(cell, tail);
            }
            tail.at -= out.length();
            makeRoom(out.length(), bench, heldFrom, folded);
            at = tail.at;
            tail.at += out.length();
        }
        System.arraycopy(out.bytes(), 0, packed, at, out.length());
    }

    /**
     * Puts the finer windows that stay what they are together: the oldest window's become one cell, from which its sums go on as if they stood
     * there. An hour's minutes take no more than a few of them.
     *
     * @return whether that made anything smaller
     */
    private boolean fold(Workbench bench, long heldFrom, long finalUpTo) {
        Cell cell = bench.read;
        Cell folded = bench.folded;
        Summary summary = bench.summary;
        Mark mark = bench.mark;
        mark.set(head);
        int from = head.at;
        Mark upTo = new Mark();
        long windowEnd = Long.MIN_VALUE;
        while (mark.at < tail.at) {
            bench.codec.unpack(packed, mark, cell);
            if (cell.time < heldFrom) {
                from = mark.at;
                continue;
            }
            if (windowEnd == Long.MIN_VALUE) {
                long start = Math.floorDiv(cell.time, bench.resolution) * bench.resolution;
                windowEnd = start + bench.resolution;
                summary.begin(start, windowEnd);
            }
            if (cell.time > finalUpTo || cell.time >= windowEnd) {
                break;
            }
            summary.add(cell);
            folded.time = cell.time;
            folded.sequence = cell.sequence;
            upTo.set(mark);
        }
        if (upTo.at <= from) {
            return false;
        }
        Packer content = summary.fold();
        if (content.length() + CellCodec.MOST_BESIDE_CONTENT >= upTo.at - from) {
            return false;
        }
        folded.kind = Kind.FOLDED;
        folded.offset = summary.revision();
        folded.source = summary.source();
        folded.bytes = content.bytes();
        folded.contentAt = 0;
        folded.contentLength = content.length();
        Rebuild rebuild = new Rebuild(bench, tail.at - from);
        rebuild.add(folded);
        while (upTo.at < tail.at) {
            bench.codec.unpack(packed, upTo, cell);
            rebuild.add(cell);
        }
        take(rebuild);
        return true;
    }

    /** Drops what is needed no more; if that is little, the array grows by little: memory must follow what is held. */
    private void makeRoom(int more, Workbench bench, long heldFrom, boolean folded) {
        Mark mark = bench.mark;
        mark.set(head);
        while (mark.at < tail.at) {
            bench.codec.unpack(packed, mark, bench.read);
            if (bench.read.time >= heldFrom) {
                break;
            }
            head.set(mark);
        }
        int dropped = head.at;
        int kept = tail.at - dropped;
        int wanted = kept + more;
        byte[] target = packed;
        if (folded || wanted > packed.length - packed.length / 16 || wanted < packed.length / 4) {
            target = new byte[Math.max(FIRST_CAPACITY, wanted + wanted / 8)];
        }
        System.arraycopy(packed, dropped, target, 0, kept);
        packed = target;
        head.at = 0;
        tail.at = kept;
        if (next.at < dropped) {
            next.set(head);
        } else {
            next.at -= dropped;
        }
    }

    /** The way of what comes out of order: everything is packed anew around it. */
    private boolean insert(Cell cell, Workbench bench, long heldFrom) {
        Rebuild rebuild = new Rebuild(bench, packed.length + 64);
        boolean placed = false;
        Mark mark = new Mark();
        mark.set(head);
        Cell other = bench.read;
        while (mark.at < tail.at) {
            bench.codec.unpack(packed, mark, other);
            if (other.time < heldFrom) {
                continue;
            }
            int order = placed ? -1 : cell.compare(other);
            if (order == 0 && !cell.replaces(other)) {
                return false;
            }
            if (!placed && order <= 0) {
                rebuild.add(cell);
                placed = true;
            }
            if (order != 0) {
                rebuild.add(other);
            }
        }
        if (!placed) {
            rebuild.add(cell);
        }
        take(rebuild);
        return true;
    }

    /** A signal whose source changes again and again (each reading another unit) keeps only those that are still in use. */
    private void forgetSources(Workbench bench) {
        Rebuild rebuild = new Rebuild(bench, packed.length);
        int[] renamed = new int[sources.length];
        Source[] used = {};
        Mark mark = new Mark();
        mark.set(head);
        Cell cell = bench.read;
        while (mark.at < tail.at) {
            bench.codec.unpack(packed, mark, cell);
            if (renamed[cell.source] == 0) {
                used = Arrays.copyOf(used, used.length + 1);
                used[used.length - 1] = sources[cell.source];
                renamed[cell.source] = used.length;
            }
            cell.source = renamed[cell.source] - 1;
            rebuild.add(cell);
        }
        sources = used;
        take(rebuild);
    }

    private void take(Rebuild rebuild) {
        packed = rebuild.packed;
        tail.set(rebuild.end);
        head.set(new Mark());
        next.set(head);
    }

    /** The packed cells of a series being written anew. */
    private static final class Rebuild {
        private final CellCodec codec;
        private final Mark end = new Mark();
        private byte[] packed;

        private Rebuild(Workbench bench, int capacity) {
            this.codec = bench.codec;
            this.packed = new byte[capacity];
        }

        private void add(Cell cell) {
            int at = end.at;
            Packer out = codec.pack(cell, end);
            if (end.at > packed.length) {
                packed = Arrays.copyOf(packed, end.at + end.at / 8);
            }
            System.arraycopy(out.bytes(), 0, packed, at, out.length());
        }
    }
}
