/**
 * Camel component {@code mqtt-source:}: subscribes at an MQTT broker and makes readings and events of what is published.
 *
 * <p>It stands on HiveMQ's client, which lets a message be acknowledged by hand: the broker keeps each one until the stream has it.
 */
@NullMarked
package io.streamforge.mqtt;

import org.jspecify.annotations.NullMarked;
