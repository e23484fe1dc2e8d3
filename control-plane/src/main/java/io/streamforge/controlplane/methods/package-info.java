/** The methods of devices, which engineers call. */
@NullMarked
package io.streamforge.controlplane.methods;

import org.jspecify.annotations.NullMarked;
