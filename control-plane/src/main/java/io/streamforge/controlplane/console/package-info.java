/** Serves the operator console to the browser under a strict content security policy. */
@NullMarked
package io.streamforge.controlplane.console;

import org.jspecify.annotations.NullMarked;
