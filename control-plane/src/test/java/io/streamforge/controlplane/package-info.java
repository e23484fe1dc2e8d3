/** The control plane from outside: over real HTTP, on a real PostgreSQL. */
@NullMarked
package io.streamforge.controlplane;

import org.jspecify.annotations.NullMarked;
