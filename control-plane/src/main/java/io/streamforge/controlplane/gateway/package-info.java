/** The gateways: identity, health, heartbeats and the command channel they hold open. */
@NullMarked
package io.streamforge.controlplane.gateway;

import org.jspecify.annotations.NullMarked;
