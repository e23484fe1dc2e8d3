/** What every adapter must stand, as a test to be subclassed, and the broken network it takes to show it. */
@NullMarked
package io.streamforge.adapter.testing;

import org.jspecify.annotations.NullMarked;
