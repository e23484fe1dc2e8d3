/**
 * OPC UA clients as a Camel source: one session and one subscription per server, with reconnection, recovery of what the server queued meanwhile, and a
 * status per point.
 */
@NullMarked
package io.streamforge.opcua;

import org.jspecify.annotations.NullMarked;
