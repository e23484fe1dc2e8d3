/** End to end: the product's own processes from their distributions against real peers, with real faults. */
@NullMarked
package io.streamforge.it;

import org.jspecify.annotations.NullMarked;
