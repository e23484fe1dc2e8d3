/** Deployments: drafts, immutable revisions, and the compiler that turns them into the route plan a gateway pulls. */
@NullMarked
package io.streamforge.controlplane.deployment;

import org.jspecify.annotations.NullMarked;
