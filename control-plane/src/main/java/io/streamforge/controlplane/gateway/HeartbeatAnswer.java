package io.streamforge.controlplane.gateway;

/**
 * Answers a heartbeat.
 *
 * @param planChanged another plan than the one named is wanted: pull it
 */
record HeartbeatAnswer(boolean planChanged) {}
