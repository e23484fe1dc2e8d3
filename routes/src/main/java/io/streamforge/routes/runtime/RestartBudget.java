package io.streamforge.routes.runtime;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Decides when a route that failed is started again: after 1, 2, 4, 8 and 16 s, at most five times in five minutes, then not any more. */
final class RestartBudget {

    static final int RESTARTS = 5;
    static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    /** What to do about a route that failed. */
    sealed interface Decision {
        /** Start it again at that time. */
        record Restart(Instant at) implements Decision {}

        /** The budget is used up. */
        record GiveUp() implements Decision {}
    }

    private final Clock clock;
    private final Map<String, Deque<Instant>> restarts = new HashMap<>();

    /** @param clock of what has elapsed */
    RestartBudget(Clock clock) {
        this.clock = clock;
    }

    /** A route failed; a restart that is granted counts from now on. */
    Decision failed(String routeId) {
        Instant now = clock.instant();
        Deque<Instant> granted = restarts.computeIfAbsent(routeId, id -> new ArrayDeque<>());
        while (!granted.isEmpty() && !granted.peekFirst().isAfter(now.minus(WINDOW))) {
            granted.removeFirst();
        }
        if (granted.size() == RESTARTS) {
            return new Decision.GiveUp();
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << granted.size());
        granted.addLast(now);
        return new Decision.Restart(now.plus(delay));
    }

    /** Whether a restart that was granted for that time is to happen now. */
    boolean due(Instant at) {
        return !clock.instant().isBefore(at);
    }

    /** A person or another plan asks for a fresh start. */
    void forget(String routeId) {
        restarts.remove(routeId);
    }
}
