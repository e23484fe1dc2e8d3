package io.streamforge.adapter.testing;

import io.streamforge.model.SourcePositions;
import org.jspecify.annotations.Nullable;

/** For a source whose stream is only a {@link WatchedStream}: nothing was ever kept. */
public final class NoPositions implements SourcePositions {

    @Override
    public @Nullable String last(String source) {
        return null;
    }

    @Override
    public void release(String source) {
        // Nothing is open.
    }
}
