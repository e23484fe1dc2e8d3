package io.streamforge.plc;

import java.util.Map;

/** Why a BACnet device refuses (ANSI/ASHRAE 135, clauses 18.1, 18.8 and 18.9), by number and name. */
final class BacnetError {

    static final int UNRECOGNIZED_SERVICE = 9;
    /** The class of errors over a service, not over what it was asked for. */
    static final int SERVICES = 5;

    private static final Map<Integer, String> CLASSES = Map.of(
            0,
            "DEVICE",
            1,
            "OBJECT",
            2,
            "PROPERTY",
            3,
            "RESOURCES",
            4,
            "SECURITY",
            SERVICES,
            "SERVICES",
            6,
            "VT",
            7,
            "COMMUNICATION");

    private static final Map<Integer, String> CODES = Map.ofEntries(
            Map.entry(0, "OTHER"),
            Map.entry(3, "DEVICE_BUSY"),
            Map.entry(9, "INVALID_DATA_TYPE"),
            Map.entry(25, "OPERATIONAL_PROBLEM"),
            Map.entry(27, "READ_ACCESS_DENIED"),
            Map.entry(31, "UNKNOWN_OBJECT"),
            Map.entry(32, "UNKNOWN_PROPERTY"),
            Map.entry(37, "VALUE_OUT_OF_RANGE"),
            Map.entry(40, "WRITE_ACCESS_DENIED"),
            Map.entry(42, "INVALID_ARRAY_INDEX"),
            Map.entry(50, "PROPERTY_IS_NOT_AN_ARRAY"));

    private static final Map<Integer, String> REJECTS = Map.of(
            0,
            "OTHER",
            1,
            "BUFFER_OVERFLOW",
            2,
            "INCONSISTENT_PARAMETERS",
            3,
            "INVALID_PARAMETER_DATA_TYPE",
            4,
            "INVALID_TAG",
            5,
            "MISSING_REQUIRED_PARAMETER",
            6,
            "PARAMETER_OUT_OF_RANGE",
            7,
            "TOO_MANY_ARGUMENTS",
            8,
            "UNDEFINED_ENUMERATION",
            UNRECOGNIZED_SERVICE,
            "UNRECOGNIZED_SERVICE");

    private static final Map<Integer, String> ABORTS = Map.of(
            0, "OTHER",
            1, "BUFFER_OVERFLOW",
            2, "INVALID_APDU_IN_THIS_STATE",
            3, "PREEMPTED_BY_HIGHER_PRIORITY_TASK",
            4, "SEGMENTATION_NOT_SUPPORTED",
            5, "SECURITY_ERROR",
            9, "OUT_OF_RESOURCES");

    private BacnetError() {}

    static String text(int group, int code) {
        return "%s %d %s"
                .formatted(
                        CLASSES.getOrDefault(group, String.valueOf(group)), code, CODES.getOrDefault(code, "UNKNOWN"));
    }

    static String reject(int reason) {
        return "REJECT %d %s".formatted(reason, REJECTS.getOrDefault(reason, "UNKNOWN"));
    }

    static String abort(int reason) {
        return "ABORT %d %s".formatted(reason, ABORTS.getOrDefault(reason, "UNKNOWN"));
    }
}
