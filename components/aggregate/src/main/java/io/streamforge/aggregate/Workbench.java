package io.streamforge.aggregate;

import io.streamforge.model.Quality;

/** What all series of one aggregator work with, one at a time: nothing of it is kept between two calls, except which sources are known. */
final class Workbench {

    final CellCodec codec = new CellCodec();
    final Sources sources = new Sources();
    final Cell read = new Cell();
    final Cell folded = new Cell();
    /** Only finer windows are folded: which of their readings count was decided when they were made. */
    final Summary summary = new Summary(Quality.UNCERTAIN);
    /** The windows' length, microseconds. */
    final long resolution;

    final Mark mark = new Mark();
    final Mark before = new Mark();

    Workbench(long resolution) {
        this.resolution = resolution;
    }
}
