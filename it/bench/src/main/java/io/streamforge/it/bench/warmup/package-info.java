/** {@code bench warmup}: how long a stage takes to know again what it knew. */
@NullMarked
package io.streamforge.it.bench.warmup;

import org.jspecify.annotations.NullMarked;
