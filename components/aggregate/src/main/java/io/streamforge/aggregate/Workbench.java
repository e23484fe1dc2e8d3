package io.streamforge.aggregate;

/** What all series of one aggregator work with, one at a time: nothing of it is kept between two calls, except which sources are known. */
final class Workbench {

    final CellCodec codec = new CellCodec();
    final Sources sources = new Sources();
    final Cell read = new Cell();
    final Mark mark = new Mark();
}
