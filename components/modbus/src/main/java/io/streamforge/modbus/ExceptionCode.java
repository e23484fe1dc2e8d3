package io.streamforge.modbus;

import java.util.Map;

/** A device's refusal (Modbus Application Protocol V1.1b3 §7). */
final class ExceptionCode {

    static final int ILLEGAL_FUNCTION = 0x01;
    static final int ILLEGAL_DATA_ADDRESS = 0x02;
    static final int ILLEGAL_DATA_VALUE = 0x03;
    static final int GATEWAY_PATH_UNAVAILABLE = 0x0A;
    static final int GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND = 0x0B;

    private static final Map<Integer, String> NAMES = Map.of(
            ILLEGAL_FUNCTION,
            "ILLEGAL_FUNCTION",
            ILLEGAL_DATA_ADDRESS,
            "ILLEGAL_DATA_ADDRESS",
            ILLEGAL_DATA_VALUE,
            "ILLEGAL_DATA_VALUE",
            0x04,
            "SERVER_DEVICE_FAILURE",
            0x05,
            "ACKNOWLEDGE",
            0x06,
            "SERVER_DEVICE_BUSY",
            0x08,
            "MEMORY_PARITY_ERROR",
            GATEWAY_PATH_UNAVAILABLE,
            "GATEWAY_PATH_UNAVAILABLE",
            GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND,
            "GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND");

    private ExceptionCode() {}

    /** Code and name, for instance {@code 0x02 ILLEGAL_DATA_ADDRESS}. */
    static String text(int code) {
        return "0x%02X %s".formatted(code, NAMES.getOrDefault(code, "UNKNOWN"));
    }
}
