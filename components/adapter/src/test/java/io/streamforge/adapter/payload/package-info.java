/** Tests of how readings are found in payloads. */
@NullMarked
package io.streamforge.adapter.payload;

import org.jspecify.annotations.NullMarked;
