package io.streamforge.aggregate;

import io.streamforge.aggregate.Cell.Source;
import io.streamforge.model.ReadingView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One signal with its held windows, oldest first. */
final class Series {

    private final byte[] asset;
    private final byte[] parameter;
    private final List<Window> windows = new ArrayList<>(4);
    private @Nullable Source source;
    private byte[] unit = {};
    private byte[] origin = {};

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

    String assetId() {
        return new String(asset, StandardCharsets.UTF_8);
    }

    String parameterName() {
        return new String(parameter, StandardCharsets.UTF_8);
    }

    /** The reading's source; the same object as long as its bytes stay the same. */
    Source source(ReadingView reading) {
        byte[] bytes = reading.bytes();
        int unitAt = reading.unitOffset();
        int unitEnd = unitAt + reading.unitLength();
        int originAt = reading.originOffset();
        if (source == null
                || !Arrays.equals(unit, 0, unit.length, bytes, unitAt, unitEnd)
                || !Arrays.equals(origin, 0, origin.length, bytes, originAt, bytes.length)) {
            source = new Source(reading.unit(), reading.origin());
            unit = Arrays.copyOfRange(bytes, unitAt, unitEnd);
            origin = Arrays.copyOfRange(bytes, originAt, bytes.length);
        }
        return source;
    }

    @Nullable
    Window window(long start) {
        int at = indexOf(start);
        return at >= 0 && windows.get(at).start() == start ? windows.get(at) : null;
    }

    Window open(long start) {
        Window window = new Window(this, start);
        windows.add(indexOf(start) + 1, window);
        return window;
    }

    /** Forgets a window; true if none is left. */
    boolean drop(Window window) {
        windows.remove(window);
        return windows.isEmpty();
    }

    /** Index of the latest window that does not start after this; nearly always the last. */
    private int indexOf(long start) {
        int at = windows.size() - 1;
        while (at >= 0 && windows.get(at).start() > start) {
            at--;
        }
        return at;
    }
}
