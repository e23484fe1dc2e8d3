/** The gateway's own outbound calls to its control plane: enrolment, plan, heartbeat and commands. */
@NullMarked
package io.streamforge.routes.uplink;

import org.jspecify.annotations.NullMarked;
