package io.streamforge.controlplane.health;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How this process does. */
record Health(HealthState status, List<Check> checks) {

    enum HealthState {
        UP,
        DOWN
    }

    /** One thing it needs. */
    record Check(String name, HealthState status, @Nullable String detail) {}
}
