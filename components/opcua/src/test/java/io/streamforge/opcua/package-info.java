/** Tests of the OPC UA source. */
@NullMarked
package io.streamforge.opcua;

import org.jspecify.annotations.NullMarked;
