package io.streamforge.http;

import io.streamforge.adapter.payload.EpochUnit;

/**
 * Which field of a JSON object, column of a CSV table or tag of line protocol holds what.
 *
 * @param asset may be left out of a reading: then it is the adapter's own asset
 * @param parameter the signal's name
 * @param value number, flag or text
 * @param unit may be left out of a reading: then there is none
 * @param timestamp the device's time; may be left out of a reading
 * @param epochUnit of a timestamp that is a number, in JSON and CSV
 */
record Mapping(String asset, String parameter, String value, String unit, String timestamp, EpochUnit epochUnit) {}
