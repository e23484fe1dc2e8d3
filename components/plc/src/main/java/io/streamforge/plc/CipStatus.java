package io.streamforge.plc;

import java.util.Map;

/** The general status of a CIP service (CIP Networks Library Volume 1, Appendix B-1), by its number and its name. */
final class CipStatus {

    static final int SUCCESS = 0x00;
    /** More of the same was there than an answer holds. */
    static final int PARTIAL_TRANSFER = 0x06;

    static final int REPLY_DATA_TOO_LARGE = 0x11;
    /** Of a packet of services: at least one of them failed, each says so itself. */
    static final int EMBEDDED_SERVICE_ERROR = 0x1E;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x01, "CONNECTION_FAILURE"),
            Map.entry(0x02, "RESOURCE_UNAVAILABLE"),
            Map.entry(0x03, "INVALID_PARAMETER_VALUE"),
            Map.entry(0x04, "PATH_SEGMENT_ERROR"),
            Map.entry(0x05, "PATH_DESTINATION_UNKNOWN"),
            Map.entry(PARTIAL_TRANSFER, "PARTIAL_TRANSFER"),
            Map.entry(0x07, "CONNECTION_LOST"),
            Map.entry(0x08, "SERVICE_NOT_SUPPORTED"),
            Map.entry(0x09, "INVALID_ATTRIBUTE_VALUE"),
            Map.entry(0x0A, "ATTRIBUTE_LIST_ERROR"),
            Map.entry(0x0B, "ALREADY_IN_REQUESTED_STATE"),
            Map.entry(0x0C, "OBJECT_STATE_CONFLICT"),
            Map.entry(0x0D, "OBJECT_ALREADY_EXISTS"),
            Map.entry(0x0E, "ATTRIBUTE_NOT_SETTABLE"),
            Map.entry(0x0F, "PRIVILEGE_VIOLATION"),
            Map.entry(0x10, "DEVICE_STATE_CONFLICT"),
            Map.entry(REPLY_DATA_TOO_LARGE, "REPLY_DATA_TOO_LARGE"),
            Map.entry(0x12, "FRAGMENTATION_OF_A_PRIMITIVE_VALUE"),
            Map.entry(0x13, "NOT_ENOUGH_DATA"),
            Map.entry(0x14, "ATTRIBUTE_NOT_SUPPORTED"),
            Map.entry(0x15, "TOO_MUCH_DATA"),
            Map.entry(0x16, "OBJECT_DOES_NOT_EXIST"),
            Map.entry(0x1A, "ROUTING_FAILURE_REQUEST_TOO_LARGE"),
            Map.entry(0x1B, "ROUTING_FAILURE_RESPONSE_TOO_LARGE"),
            Map.entry(EMBEDDED_SERVICE_ERROR, "EMBEDDED_SERVICE_ERROR"),
            Map.entry(0x1F, "VENDOR_SPECIFIC_ERROR"),
            Map.entry(0x20, "INVALID_PARAMETER"),
            Map.entry(0x25, "KEY_FAILURE_IN_PATH"),
            Map.entry(0x26, "PATH_SIZE_INVALID"),
            Map.entry(0xFF, "GENERAL_ERROR"));

    private CipStatus() {}

    /** @param extended the first word of the additional status, 0 if there is none */
    static String text(int status, int extended) {
        String text = "0x%02X %s".formatted(status, NAMES.getOrDefault(status, "UNKNOWN"));
        return extended == 0 ? text : "%s 0x%04X".formatted(text, extended);
    }
}
