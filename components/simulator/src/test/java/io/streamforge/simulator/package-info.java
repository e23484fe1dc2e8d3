/** Tests of the simulated device. */
@NullMarked
package io.streamforge.simulator;

import org.jspecify.annotations.NullMarked;
