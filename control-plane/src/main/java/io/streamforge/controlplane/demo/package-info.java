/** Loads the demo plant: a ready set of adapters, sinks and rules for one gateway. */
@NullMarked
package io.streamforge.controlplane.demo;

import org.jspecify.annotations.NullMarked;
