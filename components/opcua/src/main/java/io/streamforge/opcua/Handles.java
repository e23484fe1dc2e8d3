package io.streamforge.opcua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which point a server means by the handle that its monitored item was given. Handles count from 0. */
final class Handles {

    private volatile @Nullable Point[] points = {};

    synchronized void add(int handle, Point point) {
        @Nullable
        Point[] more = handle < points.length ? points : Arrays.copyOf(points, Math.max(handle + 1, points.length * 2));
        more[handle] = point;
        points = more;
    }

    /** Null if there is none. */
    @Nullable
    Point point(int handle) {
        @Nullable Point[] known = points;
        return handle >= 0 && handle < known.length ? known[handle] : null;
    }
}
