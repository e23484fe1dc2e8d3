package io.streamforge.routes.writing;

import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.WriteTable;

/**
 * An adapter that runs here and can write.
 *
 * @param table what its rows say about writing
 * @param asset of the rows that name none
 */
public record WriteTarget(PointWriter writer, WriteTable table, String asset) {}
