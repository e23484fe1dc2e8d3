package io.streamforge.it.bench;

import io.streamforge.model.ReadingView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A series' bytes as a map's key, reused for look-ups. */
public final class SeriesKey {
    private byte[] bytes = new byte[0];
    private int assetOffset;
    private int assetLength;
    private int parameterOffset;
    private int parameterLength;

    /** Takes the names of the record that the view looks at; the bytes are kept. */
    public SeriesKey at(ReadingView view, byte[] framed) {
        bytes = framed;
        assetOffset = view.assetOffset();
        assetLength = view.assetLength();
        parameterOffset = view.parameterOffset();
        parameterLength = view.parameterLength();
        return this;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < assetLength; i++) {
            hash = 31 * hash + bytes[assetOffset + i];
        }
        for (int i = 0; i < parameterLength; i++) {
            hash = 31 * hash + bytes[parameterOffset + i];
        }
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesKey series
                && Arrays.equals(
                        bytes,
                        assetOffset,
                        assetOffset + assetLength,
                        series.bytes,
                        series.assetOffset,
                        series.assetOffset + series.assetLength)
                && Arrays.equals(
                        bytes,
                        parameterOffset,
                        parameterOffset + parameterLength,
                        series.bytes,
                        series.parameterOffset,
                        series.parameterOffset + series.parameterLength);
    }
}
