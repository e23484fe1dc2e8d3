package io.streamforge.aggregate;

/** A place between two packed cells and what the next one is told relative to: the cell before and the step to it from the one before that. */
final class Mark {

    int at;
    int source;
    long time;
    long timeStep;
    long sequence;
    long sequenceStep;
    long offset;
    long offsetStep;

    void set(Mark other) {
        at = other.at;
        source = other.source;
        time = other.time;
        timeStep = other.timeStep;
        sequence = other.sequence;
        sequenceStep = other.sequenceStep;
        offset = other.offset;
        offsetStep = other.offsetStep;
    }

    /** Passes a cell. */
    void pass(long nextTime, long nextSequence, long nextOffset) {
        boolean first = time == 0;
        timeStep = first ? 0 : nextTime - time;
        sequenceStep = first ? 0 : nextSequence - sequence;
        offsetStep = first ? 0 : nextOffset - offset;
        time = nextTime;
        sequence = nextSequence;
        offset = nextOffset;
    }
}
