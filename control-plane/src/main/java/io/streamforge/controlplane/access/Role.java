package io.streamforge.controlplane.access;

/** What a user may do; each role includes those before it. */
public enum Role {
    VIEWER,
    OPERATOR,
    ENGINEER,
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
