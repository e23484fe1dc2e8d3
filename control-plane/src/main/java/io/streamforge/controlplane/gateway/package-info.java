/**
 * The gateways: identity, health, heartbeats and the command channel they hold open. What gateways send is
 * read leniently: a newer gateway may say more than this control plane knows.
 */
@NullMarked
package io.streamforge.controlplane.gateway;

import org.jspecify.annotations.NullMarked;
