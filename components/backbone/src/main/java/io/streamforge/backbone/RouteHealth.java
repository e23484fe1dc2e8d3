package io.streamforge.backbone;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a stream route says about itself: written by its poll thread, read by anybody. Logs when the state changes, not per attempt. */
final class RouteHealth {

    private static final Logger LOG = LoggerFactory.getLogger(StreamConsumer.class);

    private final String route;
    private volatile boolean assigned;
    private volatile long lag;
    private volatile @Nullable String fault;
    private volatile @Nullable String warning;
    private volatile @Nullable String lost;
    private volatile Replay.@Nullable Progress replayed;
    private int failures;

    RouteHealth(String route) {
        this.route = route;
    }

    boolean assigned() {
        return assigned;
    }

    void assigned(boolean assigned) {
        this.assigned = assigned;
    }

    long lag() {
        return lag;
    }

    void lag(long lag) {
        this.lag = lag;
    }

    Optional<String> fault() {
        return Optional.ofNullable(lost).or(() -> Optional.ofNullable(fault));
    }

    /** Partitions whose position is unknown stand still until a person has decided; null when there are none. */
    void lost(@Nullable String problem) {
        if (problem != null && !problem.equals(lost)) {
            LOG.atError()
                    .addKeyValue("route", route)
                    .addKeyValue("reason", problem)
                    .log("Partitions stand still");
        }
        lost = problem;
    }

    Optional<Replay.Progress> replayed() {
        return Optional.ofNullable(replayed);
    }

    void replayed(Replay.Progress progress) {
        replayed = progress;
    }

    Optional<String> warning() {
        return Optional.ofNullable(warning);
    }

    void warn(String message) {
        warning = message;
        LOG.atWarn().addKeyValue("route", route).log(message);
    }

    /** How often in a row it failed. */
    int failures() {
        return failures;
    }

    void failed(Throwable cause) {
        failures++;
        fault = Failures.describe(cause);
        (failures == 1 ? LOG.atWarn() : LOG.atDebug())
                .addKeyValue("route", route)
                .addKeyValue("reason", fault)
                .log("The route failed, goes back to its last commit and tries again");
        LOG.atDebug().addKeyValue("route", route).setCause(cause).log("Why the route failed");
    }

    void recovered() {
        if (failures > 0) {
            LOG.atInfo()
                    .addKeyValue("route", route)
                    .addKeyValue("failures", failures)
                    .log("The route goes on");
            failures = 0;
            fault = null;
        }
    }
}
