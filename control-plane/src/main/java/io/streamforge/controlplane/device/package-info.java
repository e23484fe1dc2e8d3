/** What devices keep themselves and gateways only pass on: alarms that want an answer, and certificates that want to be trusted. */
@NullMarked
package io.streamforge.controlplane.device;

import org.jspecify.annotations.NullMarked;
