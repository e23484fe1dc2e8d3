/** Paired benchmarks: baselines and ours interleaved in one run, CPU of the client process per record; run with {@code ./streamforge bench}. */
@NullMarked
package io.streamforge.it.bench;

import org.jspecify.annotations.NullMarked;
