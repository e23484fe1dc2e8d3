package io.streamforge.routes.runtime;

import io.streamforge.adapter.AlarmDesk;

/**
 * An adapter that runs here and whose device keeps alarms.
 *
 * @param asset of the alarms that name none
 */
public record AlarmTarget(AlarmDesk desk, String asset) {}
