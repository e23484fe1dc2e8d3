/** The validator's thinking: which readings may pass, which are marked, which go to the dead letters, and why. */
@NullMarked
package io.streamforge.validate;

import org.jspecify.annotations.NullMarked;
