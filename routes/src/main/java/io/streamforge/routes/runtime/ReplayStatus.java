package io.streamforge.routes.runtime;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as health and heartbeat tell it.
 *
 * @param routeId the stage or sink that is run once more
 * @param into the side topic, null for a sink
 * @param done offsets that are behind it
 * @param total offsets from its beginning to its end
 * @param detail why it does not get on, or why it failed
 */
public record ReplayStatus(
        String id,
        String routeId,
        @Nullable String into,
        State state,
        int ratePerS,
        long done,
        long total,
        @Nullable String detail,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant startedAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant endedAt) {

    /** What has become of it. */
    public enum State {
        RUNNING,
        DONE,
        CANCELLED,
        FAILED
    }

    ReplayStatus at(long reached, @Nullable String why) {
        return new ReplayStatus(id, routeId, into, state, ratePerS, reached, total, why, startedAt, null);
    }

    ReplayStatus ended(State how, @Nullable String why, Instant when) {
        long reached = how == State.DONE ? total : done;
        return new ReplayStatus(id, routeId, into, how, ratePerS, reached, total, why, startedAt, when);
    }
}
