/** Camel component {@code events:}, the stage between {@code events.raw} and {@code events.clean}: what is no whole event goes to the dead letters. */
@NullMarked
package io.streamforge.events;

import org.jspecify.annotations.NullMarked;
