package io.streamforge.plc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Which requests a poll makes: as few as the limits of a request allow, and what was learned about points that harm others. A driver may
 * fail a whole request for one of its tags, or never answer it; so a point that fails alone leaves the plan and is tried again by itself, and a
 * request that was never answered is asked for in halves, after all others, until only the point at fault is left.
 *
 * <p>Confined to the poll's thread.
 */
final class ReadPlan {

    /** How long a refused point is left alone, and how long halves stay halves. */
    static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    /** A refused point: why, and when to try again by {@link System#nanoTime}. */
    private record Refused(String reason, long retryAt) {}

    private final List<Point> points;
    private final int maxTags;
    private final ToIntFunction<Point> bytes;
    private final int maxBytes;
    private final Map<Point, Refused> refused = new HashMap<>();
    private final List<List<Point>> requests = new ArrayList<>();
    private Optional<Point> suspect = Optional.empty();
    private boolean halved;
    private long joinAt;

    /**
     * @param points in the table's order
     * @param maxTags most points in one request
     * @param bytes how much of a request a point takes
     * @param maxBytes most of that in one request; a point that takes more has a request for itself
     */
    ReadPlan(List<Point> points, int maxTags, ToIntFunction<Point> bytes, int maxBytes) {
        this.points = points;
        this.maxTags = maxTags;
        this.bytes = bytes;
        this.maxBytes = maxBytes;
        join();
    }

    /** The requests of a poll that begins now. */
    List<List<Point>> requests(long nowNanos) {
        if (halved && joinAt - nowNanos <= 0) {
            join();
        }
        return List.copyOf(requests);
    }

    /** Points that are not asked for with the others, with the reason. */
    Map<Point, String> refused() {
        Map<Point, String> reasons = new HashMap<>();
        refused.forEach((point, why) -> reasons.put(point, why.reason()));
        return reasons;
    }

    /** Learns that this point cannot be read even alone. */
    void refuse(Point point, String reason, long nowNanos) {
        refused.put(point, new Refused(reason, nowNanos + RETRY_AFTER.toNanos()));
        join();
    }

    /** Learns that these points can be read, but not together. */
    void separate(List<Point> together, long nowNanos) {
        if (requests.remove(together)) {
            requests.addAll(halves(together));
            halved(nowNanos);
        }
    }

    /**
     * Learns that a request was never answered. It may be the device, so a single point is believed to be at fault only when it happens again
     * after the same connection has answered others.
     *
     * @param answered true if the connection had answered another request before
     */
    void silent(List<Point> request, boolean answered, String reason, long nowNanos) {
        if (!requests.remove(request)) {
            return;
        }
        requests.addAll(halves(request));
        halved(nowNanos);
        if (request.size() == 1 && answered) {
            Point point = request.get(0);
            if (suspect.filter(point::equals).isPresent()) {
                refuse(point, reason, nowNanos);
            } else {
                suspect = Optional.of(point);
            }
        }
    }

    /** A refused point that is due to be tried again; at most one per poll, so that a poll stays short. */
    Optional<Point> due(long nowNanos) {
        return refused.entrySet().stream()
                .filter(entry -> entry.getValue().retryAt() - nowNanos <= 0)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Learns that a refused point can be read after all; the others are then worth an early try. */
    void accept(Point point, long nowNanos) {
        refused.remove(point);
        refused.replaceAll((other, why) -> new Refused(why.reason(), nowNanos));
        join();
    }

    /** Forgets everything learned: the device was away and may have come back another. */
    void forget() {
        refused.clear();
        join();
    }

    static List<List<Point>> halves(List<Point> request) {
        int half = request.size() / 2;
        return half == 0
                ? List.of(request)
                : List.of(List.copyOf(request.subList(0, half)), List.copyOf(request.subList(half, request.size())));
    }

    private void halved(long nowNanos) {
        halved = true;
        joinAt = nowNanos + RETRY_AFTER.toNanos();
    }

    private void join() {
        requests.clear();
        halved = false;
        suspect = Optional.empty();
        List<Point> request = new ArrayList<>();
        int size = 0;
        for (Point point : points) {
            if (refused.containsKey(point)) {
                continue;
            }
            int more = bytes.applyAsInt(point);
            if (!request.isEmpty() && (request.size() == maxTags || size + more > maxBytes)) {
                requests.add(List.copyOf(request));
                request.clear();
                size = 0;
            }
            request.add(point);
            size += more;
        }
        if (!request.isEmpty()) {
            requests.add(List.copyOf(request));
        }
    }
}
