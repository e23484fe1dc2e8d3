/** Adapters: the operator's configured sources, each one connection with many points. */
@NullMarked
package io.streamforge.controlplane.adapter;

import org.jspecify.annotations.NullMarked;
