package io.streamforge.aggregate;

import io.streamforge.model.Quality;

/**
 * Packs cells one after the other: a header (kind, quality, whether the source changes), how time, sequence and offset differ from what the
 * last step would have led to, and the value. A signal that is read regularly takes about 13 bytes a reading, 8 of them its value.
 */
final class CellCodec {

    /** Bytes of a cell beside its content: header, source and how long the content is in few, time, sequence and offset at their longest. */
    static final int MOST_BESIDE_CONTENT = 40;

    private static final Kind[] KINDS = Kind.values();
    private static final Quality[] QUALITIES = Quality.values();
    private static final int KIND = 0b1111;
    private static final int QUALITY = 0b11;
    private static final int QUALITY_SHIFT = 4;
    private static final int OTHER_SOURCE = 1 << 6;

    private final Packer out = new Packer();
    private final Unpacker in = new Unpacker();

    /** Packs the cell and moves the mark over it; the bytes stand in what is returned until the next call. */
    Packer pack(Cell cell, Mark mark) {
        out.clear();
        boolean otherSource = cell.source != mark.source;
        out.header(cell.kind.ordinal() | cell.quality.ordinal() << QUALITY_SHIFT | (otherSource ? OTHER_SOURCE : 0));
        if (otherSource) {
            out.unsigned(cell.source);
            mark.source = cell.source;
        }
        out.signed(cell.time - mark.time - mark.timeStep);
        out.signed(cell.sequence - mark.sequence - mark.sequenceStep);
        out.signed(cell.offset - mark.offset - mark.offsetStep);
        switch (cell.kind) {
            case NUMBER, SINGLE -> out.real(cell.number);
            case TEXT, PART, FOLDED -> out.content(cell.bytes, cell.contentAt, cell.contentLength);
            case GAP, OFF, ON, UNUSABLE -> {}
        }
        mark.pass(cell.time, cell.sequence, cell.offset);
        mark.at += out.length();
        return out;
    }

    /** Unpacks the cell that begins at the mark and moves the mark over it. */
    void unpack(byte[] packed, Mark mark, Cell into) {
        in.reset(packed, mark.at);
        int header = in.header();
        into.kind = KINDS[header & KIND];
        into.quality = QUALITIES[header >> QUALITY_SHIFT & QUALITY];
        if ((header & OTHER_SOURCE) != 0) {
            mark.source = (int) in.unsigned();
        }
        into.source = mark.source;
        into.time = mark.time + mark.timeStep + in.signed();
        into.sequence = mark.sequence + mark.sequenceStep + in.signed();
        into.offset = mark.offset + mark.offsetStep + in.signed();
        into.number = 0;
        switch (into.kind) {
            case NUMBER, SINGLE -> into.number = in.real();
            case TEXT, PART, FOLDED -> {
                into.bytes = packed;
                into.contentLength = (int) in.unsigned();
                into.contentAt = in.skip(into.contentLength);
            }
            case GAP, OFF, ON, UNUSABLE -> {}
        }
        mark.pass(into.time, into.sequence, into.offset);
        mark.at = in.at();
    }
}
