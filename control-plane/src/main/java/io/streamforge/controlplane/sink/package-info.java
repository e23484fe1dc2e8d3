/** Sinks: the operator's configured destinations. */
@NullMarked
package io.streamforge.controlplane.sink;

import org.jspecify.annotations.NullMarked;
