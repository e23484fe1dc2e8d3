/** Whether this process is alive, and whether it can do its work. */
@NullMarked
package io.streamforge.controlplane.health;

import org.jspecify.annotations.NullMarked;
