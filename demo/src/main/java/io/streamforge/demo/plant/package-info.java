/** The demo's machines: physics as pure classes, and the Modbus TCP servers they are read through. */
@NullMarked
package io.streamforge.demo.plant;

import org.jspecify.annotations.NullMarked;
