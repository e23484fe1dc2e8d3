/** The control plane: says what each gateway runs and shows operators what happens. */
@NullMarked
package io.streamforge.controlplane;

import org.jspecify.annotations.NullMarked;
