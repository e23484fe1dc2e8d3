package io.streamforge.model;

import java.util.List;

/**
 * What a source hands over before the {@code adapter} stage gives it an identity in the stream: one exchange per poll or publish whose body is a
 * {@code List<Observation>}. A {@link Sample} becomes a reading, a {@link StateChange} an event.
 */
public sealed interface Observation permits Sample, StateChange {

    /** Those that are samples, in their order. */
    static List<Sample> samples(List<? extends Observation> observations) {
        return observations.stream()
                .filter(Sample.class::isInstance)
                .map(Sample.class::cast)
                .toList();
    }

    /** Those that are state changes, in their order. */
    static List<StateChange> changes(List<? extends Observation> observations) {
        return observations.stream()
                .filter(StateChange.class::isInstance)
                .map(StateChange.class::cast)
                .toList();
    }
}
