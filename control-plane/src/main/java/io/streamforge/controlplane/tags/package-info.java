/** Tags: what can be read on the running gateways, live and back in time. */
@NullMarked
package io.streamforge.controlplane.tags;

import org.jspecify.annotations.NullMarked;
