/** The plant itself: its name, its time zone and what the console needs to know before anybody has logged in. */
@NullMarked
package io.streamforge.controlplane.plant;

import org.jspecify.annotations.NullMarked;
