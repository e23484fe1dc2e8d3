/** What a change of an OPC UA node costs on its way to the stream. */
@NullMarked
package io.streamforge.it.bench.opcua;

import org.jspecify.annotations.NullMarked;
