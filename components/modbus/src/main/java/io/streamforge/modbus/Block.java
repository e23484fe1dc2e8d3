package io.streamforge.modbus;

import java.util.List;

/**
 * Neighbouring points of one area that one request reads.
 *
 * @param start the first address
 * @param quantity how many bits or registers, within the protocol's limits
 * @param points in the order of their addresses
 */
record Block(Area area, int start, int quantity, List<Point> points) {

    static Block of(List<Point> points) {
        int start = points.get(0).address();
        int end = points.stream().mapToInt(Point::end).max().orElseThrow();
        return new Block(points.get(0).area(), start, end - start, List.copyOf(points));
    }

    Request request() {
        return Request.read(area, start, quantity);
    }

    Block firstHalf() {
        return of(points.subList(0, points.size() / 2));
    }

    Block secondHalf() {
        return of(points.subList(points.size() / 2, points.size()));
    }
}
