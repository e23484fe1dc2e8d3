package io.streamforge.mqtt;

import java.time.Instant;

/**
 * One publish as it was received.
 *
 * @param retained true if the broker kept it for who subscribes, so that its age is unknown
 * @param received the gateway's clock, in microseconds
 */
record Message(String topic, byte[] payload, boolean retained, Instant received) {}
