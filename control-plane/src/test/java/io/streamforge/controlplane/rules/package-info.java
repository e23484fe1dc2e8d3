/** Tests of this package that need nothing but its classes. */
@NullMarked
package io.streamforge.controlplane.rules;

import org.jspecify.annotations.NullMarked;
