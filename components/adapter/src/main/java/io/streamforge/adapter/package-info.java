/** The {@code adapter} stage, which gives what a source read its identity in the stream, and what the gateway may ask of any source. */
@NullMarked
package io.streamforge.adapter;

import org.jspecify.annotations.NullMarked;
