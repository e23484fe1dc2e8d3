package io.streamforge.modbus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests a poll makes: as few as the protocol's limits allow, and what the device taught us about addresses that it refuses. A device
 * refuses a whole request for one illegal address in it, so what was learned by halving is kept: refused points leave the plan and are tried
 * again alone, and no block reaches over an address at which halving showed that both sides are fine but not together.
 *
 * <p>Confined to the poll's thread.
 */
final class BlockPlan {

    /** How long a refused point is left alone. */
    static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    /** A refused point: why, and when to try again by {@link System#nanoTime}. */
    private record Refused(String reason, long retryAt) {}

    private record Barrier(Area area, int address) {}

    private final List<Point> points;
    private final int maxGap;
    private final int maxBlock;
    private final Map<Point, Refused> refused = new HashMap<>();
    private final Set<Barrier> barriers = new HashSet<>();
    private List<Block> blocks;

    /**
     * @param maxGap unwanted registers in a row that are read along, 16 bits counting as one
     * @param maxBlock most registers in one request, 16 bits counting as one
     */
    BlockPlan(List<Point> points, int maxGap, int maxBlock) {
        this.points = points.stream()
                .sorted(Comparator.comparing(Point::area).thenComparing(Point::address))
                .toList();
        this.maxGap = maxGap;
        this.maxBlock = maxBlock;
        this.blocks = plan();
    }

    /** The requests of the next poll. */
    List<Block> blocks() {
        return blocks;
    }

    /** Points that the device refuses, with its reason. */
    Map<Point, String> refused() {
        if (refused.isEmpty()) {
            return Map.of();
        }
        Map<Point, String> reasons = new HashMap<>();
        refused.forEach((point, why) -> reasons.put(point, why.reason()));
        return reasons;
    }

    /** Learns that the device refuses this point even alone. */
    void refuse(Point point, String reason, long nowNanos) {
        refused.put(point, new Refused(reason, nowNanos + RETRY_AFTER.toNanos()));
        blocks = plan();
    }

    /** Learns that no request may reach over the start of this block: both sides were answered, but not together. */
    void separateAt(Block second) {
        barriers.add(new Barrier(second.area(), second.start()));
        blocks = plan();
    }

    /** A refused point that is due to be tried again; at most one per poll, so that a poll stays short. */
    Optional<Point> due(long nowNanos) {
        return refused.isEmpty()
                ? Optional.empty()
                : refused.entrySet().stream()
                        .filter(e -> e.getValue().retryAt() - nowNanos <= 0)
                        .map(Map.Entry::getKey)
                        .findFirst();
    }

    /** Learns that a refused point is answered after all; the others are then worth an early try. */
    void accept(Point point, long nowNanos) {
        refused.remove(point);
        refused.replaceAll((other, why) -> new Refused(why.reason(), nowNanos));
        blocks = plan();
    }

    /** Forgets everything learned: the device was away and may have come back another. */
    void forget() {
        refused.clear();
        barriers.clear();
        blocks = plan();
    }

    private List<Block> plan() {
        List<Block> plan = new ArrayList<>();
        List<Point> open = new ArrayList<>();
        int end = 0;
        for (Point point : points) {
            if (refused.containsKey(point)) {
                continue;
            }
            if (!open.isEmpty() && !fits(open.get(0), end, point)) {
                plan.add(Block.of(open));
                open.clear();
            }
            end = open.isEmpty() ? point.end() : Math.max(end, point.end());
            open.add(point);
        }
        if (!open.isEmpty()) {
            plan.add(Block.of(open));
        }
        return List.copyOf(plan);
    }

    private boolean fits(Point first, int end, Point next) {
        if (first.area() != next.area()) {
            return false;
        }
        int unit = first.area().bits() ? 16 : 1;
        int limit = Math.min(maxBlock * unit, first.area().bits() ? Area.MAX_BITS : Area.MAX_REGISTERS);
        int newEnd = Math.max(end, next.end());
        return next.address() - end <= maxGap * unit
                && newEnd - first.address() <= limit
                && barriers.stream()
                        .noneMatch(b -> b.area() == first.area()
                                && b.address() > first.address()
                                && b.address() <= next.address())
                && refused.keySet().stream()
                        .noneMatch(p -> p.area() == first.area() && p.end() > first.address() && p.address() < newEnd);
    }
}
