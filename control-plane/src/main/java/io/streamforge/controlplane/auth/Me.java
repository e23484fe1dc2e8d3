package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.access.Role;

/** The user who asks. */
record Me(String username, Role role) {}
