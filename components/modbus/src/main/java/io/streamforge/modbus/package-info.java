/**
 * Camel component {@code modbus:}: polls many points of one Modbus TCP device over one connection, over a client of its own.
 *
 * <p>A client of its own (docs/adr/0010): one request is under way at a time, so a blocking socket on the consumer's thread does, at a tenth of an
 * event-driven client's CPU per poll; it starts nothing and leaves nothing behind.
 */
@NullMarked
package io.streamforge.modbus;

import org.jspecify.annotations.NullMarked;
