package io.streamforge.controlplane.deployment;

/** A revision with everything it froze. */
record RevisionDetail(Revision revision, Snapshot snapshot, RoutePlan plan) {}
