package io.streamforge.controlplane.rules;

/**
 * One window length to aggregate at.
 *
 * @param resolutionMs 1000 or 60000
 */
public record AggregateRule(int resolutionMs) {}
