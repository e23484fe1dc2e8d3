/** What gateways could not let through, and what operators decide about it. */
@NullMarked
package io.streamforge.controlplane.deadletter;

import org.jspecify.annotations.NullMarked;
