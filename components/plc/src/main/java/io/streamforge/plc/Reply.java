package io.streamforge.plc;

import org.apache.plc4x.java.api.messages.PlcReadResponse;

/** What came of one request on a connection that still stands. */
sealed interface Reply {

    /** The driver has an answer for every point, though perhaps not a value. */
    record Answer(PlcReadResponse response) implements Reply {}

    /** The driver or the device failed the request as a whole. */
    record Failure(String reason) implements Reply {}

    /** There was no answer in time, or none that could be understood: the connection is of no more use. */
    record Lost(String reason) implements Reply {}
}
