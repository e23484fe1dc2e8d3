/** The record of every write: who changed what, when, in which request. */
@NullMarked
package io.streamforge.controlplane.audit;

import org.jspecify.annotations.NullMarked;
