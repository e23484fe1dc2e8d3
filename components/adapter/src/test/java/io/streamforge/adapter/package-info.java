/** Tests of the adapter stage. */
@NullMarked
package io.streamforge.adapter;

import org.jspecify.annotations.NullMarked;
