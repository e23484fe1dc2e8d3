package io.streamforge.model;

/**
 * What a source hands over before the {@code adapter} stage gives it an identity in the stream: one exchange per poll or publish whose body is a
 * {@code List<Observation>}. A {@link Sample} becomes a reading, a {@link StateChange} an event.
 */
public sealed interface Observation permits Sample, StateChange {}
