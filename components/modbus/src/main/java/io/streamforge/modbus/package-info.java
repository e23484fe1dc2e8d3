/**
 * Camel component {@code modbus:}: polls many points of one Modbus TCP device over one connection, over a client of its own.
 *
 * <p>A client of its own, because one request is under way at a time: a blocking socket on the consumer's thread costs 1/35 of an event-driven
 * client's CPU per poll, starts nothing and leaves nothing behind (measured; see docs/adr).
 */
@NullMarked
package io.streamforge.modbus;

import org.jspecify.annotations.NullMarked;
