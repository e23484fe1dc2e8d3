/** Carries out what operators decide about dead letters, with the stream as the only memory. */
@NullMarked
package io.streamforge.routes.deadletters;

import org.jspecify.annotations.NullMarked;
