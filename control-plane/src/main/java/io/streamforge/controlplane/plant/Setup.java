package io.streamforge.controlplane.plant;

import org.jspecify.annotations.Nullable;

/**
 * What the console needs to know before anybody has logged in.
 *
 * @param plantName null until somebody has named the plant
 * @param timeZone IANA name
 */
record Setup(boolean adminExists, @Nullable String plantName, String timeZone, boolean demoPlantAvailable) {}
