/** Rule sets: what the validator checks and which windows are aggregated. */
@NullMarked
package io.streamforge.controlplane.rules;

import org.jspecify.annotations.NullMarked;
