package io.streamforge.knx;

import org.jspecify.annotations.Nullable;

/**
 * One row of the point table: a group whose value is a signal.
 *
 * @param row position in the table, from 0
 * @param name of its reading
 * @param asset null for the adapter's own
 * @param group is listened to and asked
 * @param writeGroup is written; the same unless the device tells its state elsewhere
 * @param unit UCUM code where one exists, empty for none
 * @param listenOnly whether it is never asked
 * @param event each change is an event, too
 */
record Point(
        int row,
        String name,
        @Nullable String asset,
        GroupAddress group,
        GroupAddress writeGroup,
        Datapoint type,
        String unit,
        boolean listenOnly,
        boolean event) {}
