package io.streamforge.controlplane.plant;

import org.jspecify.annotations.Nullable;

/**
 * The plant this control plane serves.
 *
 * @param name null until somebody has named it
 * @param timeZone IANA name, the zone the console shows times in
 */
record Plant(@Nullable String name, String timeZone, long version) {}
