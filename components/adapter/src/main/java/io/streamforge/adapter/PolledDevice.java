package io.streamforge.adapter;

import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.model.Observation;
import io.streamforge.model.Position;
import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Something that is asked for its values, with the connection this takes: opened when a poll needs it, dropped when it breaks or falls silent, opened
 * again after a growing delay ({@link Backoff}).
 *
 * <p>Used by one thread at a time, but for {@link #close}, {@link #state}.
 */
public interface PolledDevice extends Closeable {

    /**
     * Reads everything once; opens the connection first if need be and if it is time to. Never throws for what the device does: that is in the
     * samples' quality and in {@link #fault}.
     *
     * @return empty if there is nothing to tell; the same instance as before if {@link #confirm} was not called and the source cannot go on without
     */
    List<Observation> poll() throws InterruptedException;

    /** Whether {@link #askAhead} does anything. */
    default boolean asksAhead() {
        return false;
    }

    /**
     * Sends what the next poll asks first, if it need not wait for that: then many devices think at the same time, and one thread takes all their
     * answers. Nothing is done if the connection is not open, or the device must be spared.
     */
    default void askAhead() {}

    /** Whether the answer to what was asked ahead is there. */
    default boolean hasAnswer() {
        return false;
    }

    /** How far it has come with what the last poll returned, if it can go back to where it was: the stream keeps it together with that, or neither. */
    default @Nullable Position position() {
        return null;
    }

    /** The stream has what the last poll returned. */
    void confirm();

    /** Whether what the last poll returned was not all there is: then the next poll follows as soon as the stream has it. */
    default boolean hasMore() {
        return false;
    }

    /** When {@link #connect} is next worth calling, by {@link System#nanoTime}; empty while there is a connection, or none is needed. */
    default OptionalLong nextAttempt() {
        return OptionalLong.empty();
    }

    /** Tries to open the connection, so that it stands when the next poll is due. */
    default void connect() throws InterruptedException {}

    /** How well it is doing; its own, from the first call on. */
    DeviceState state();

    /** Why not everything is read, as a sentence; empty if all is. */
    default Optional<String> fault() {
        return state().fault();
    }

    /** Counts so far; those of the consumer are 0. */
    default Counters counters() {
        return state().counters();
    }

    /** How the device is used. */
    default Traffic traffic() {
        return state().traffic();
    }

    /** Ends a blocked call at once and lets no other begin. Called by whoever stops the source, and once more after its last turn. */
    @Override
    void close();
}
