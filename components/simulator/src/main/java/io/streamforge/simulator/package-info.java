/** Camel component {@code simulator:}: a device that is made up, with the faults that real ones have. */
@NullMarked
package io.streamforge.simulator;

import org.jspecify.annotations.NullMarked;
