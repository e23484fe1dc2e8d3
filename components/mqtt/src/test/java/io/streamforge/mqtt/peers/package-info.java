/** MQTT brokers and publishers that somebody else wrote, for the tests here, end to end and for the benchmark. */
@NullMarked
package io.streamforge.mqtt.peers;

import org.jspecify.annotations.NullMarked;
