/** How much heap a hundred thousand signals take in the validator and in two aggregators. */
@NullMarked
package io.streamforge.it.bench.memory;

import org.jspecify.annotations.NullMarked;
