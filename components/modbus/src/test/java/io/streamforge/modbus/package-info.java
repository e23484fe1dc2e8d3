/** Tests of the Modbus component; those that need a peer are named {@code *IT}. */
@NullMarked
package io.streamforge.modbus;

import org.jspecify.annotations.NullMarked;
