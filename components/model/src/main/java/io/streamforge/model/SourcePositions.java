package io.streamforge.model;

import org.jspecify.annotations.Nullable;

/** The stream as a source sees it that hands its {@link Position} over with each exchange. */
public interface SourcePositions {

    /**
     * What the last position said that the stream has; what a killed process left undecided is decided first. Blocks until the stream answers.
     *
     * @return null if it has none
     * @throws UnavailableException if the stream does not answer
     */
    @Nullable
    String last(String source);

    /** The source has ended: gives back what was kept open for it. While its last exchange is under way that does nothing. */
    void release(String source);
}
