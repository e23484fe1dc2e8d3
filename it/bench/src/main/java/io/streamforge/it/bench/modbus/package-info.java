/** What a poll of Modbus registers costs, from the wire to the stream, beside others' clients. */
@NullMarked
package io.streamforge.it.bench.modbus;

import org.jspecify.annotations.NullMarked;
