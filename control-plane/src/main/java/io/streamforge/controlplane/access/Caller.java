package io.streamforge.controlplane.access;

import java.util.Optional;

/** Who a handler is meant for: anyone, a user of at least one role, or a gateway. */
public enum Caller {
    /** No proof needed, or one that the handler checks itself. */
    ANYONE,
    VIEWER,
    OPERATOR,
    ENGINEER,
    ADMIN,
    /** The gateway named in the path, with its own key-bound token. */
    GATEWAY;

    /** The least role of a user who may call, empty where users are not asked for. */
    public Optional<Role> role() {
        return switch (this) {
            case ANYONE, GATEWAY -> Optional.empty();
            case VIEWER -> Optional.of(Role.VIEWER);
            case OPERATOR -> Optional.of(Role.OPERATOR);
            case ENGINEER -> Optional.of(Role.ENGINEER);
            case ADMIN -> Optional.of(Role.ADMIN);
        };
    }
}
