package io.streamforge.routes.runtime;

import io.streamforge.adapter.Traffic;
import io.streamforge.routes.runtime.SourceStatus.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A source's traffic over the last minute, made of what it counted since its start. */
final class RecentTraffic {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final double MILLIS_PER_SECOND = 1000.0;

    /** The longest time-out that a source can have: no answer takes longer. */
    private static final int LONGEST_ANSWER_MS = 60_000;

    private record Seen(Instant at, Traffic traffic) {}

    /** The oldest first; one every {@link #STEP}. */
    private final Deque<Seen> seen = new ArrayDeque<>();

    /** @return null of a source that asks nobody */
    @Nullable
    Requests with(Traffic traffic, Instant now) {
        Seen last = seen.peekLast();
        if (last != null && last.traffic().requests() > traffic.requests()) {
            seen.clear();
            last = null;
        }
        if (last == null) {
            seen.add(new Seen(now, Traffic.NONE));
        } else if (Duration.between(last.at(), now).compareTo(STEP) >= 0) {
            seen.add(new Seen(now, traffic));
        }
        while (seen.size() > 1 && Duration.between(seen.getFirst().at(), now).compareTo(WINDOW) > 0) {
            seen.removeFirst();
        }
        if (traffic.requests() == 0 && traffic.ceiling() == 0) {
            return null;
        }
        Seen first = seen.getFirst();
        double seconds = Duration.between(first.at(), now).toMillis() / MILLIS_PER_SECOND;
        return new Requests(
                seconds == 0 ? 0 : (traffic.requests() - first.traffic().requests()) / seconds,
                traffic.ceiling() == 0 ? null : traffic.ceiling(),
                within(0.5, first.traffic(), traffic),
                within(0.99, first.traffic(), traffic));
    }

    private static @Nullable Integer within(double share, Traffic before, Traffic now) {
        long all = answers(before, now, now.answers().size());
        if (all == 0) {
            return null;
        }
        for (int bucket = 0; bucket < Traffic.BOUNDS_MILLIS.size(); bucket++) {
            if (answers(before, now, bucket + 1) >= share * all) {
                return Traffic.BOUNDS_MILLIS.get(bucket);
            }
        }
        return LONGEST_ANSWER_MS;
    }

    /** Answers between the two, in so many of the first buckets. */
    private static long answers(Traffic before, Traffic now, int buckets) {
        long sum = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            sum += now.answers().get(bucket) - before.answers().get(bucket);
        }
        return sum;
    }
}
