/** Keeps what operators configure: one versioned JSON document per object, in PostgreSQL. */
@NullMarked
package io.streamforge.controlplane.store;

import org.jspecify.annotations.NullMarked;
