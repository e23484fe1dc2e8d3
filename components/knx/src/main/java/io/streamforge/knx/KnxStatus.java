package io.streamforge.knx;

/** The status codes of KNXnet/IP (KNX Standard 03_08_02 and 03_08_04). */
final class KnxStatus {

    static final int NO_ERROR = 0;

    private KnxStatus() {}

    /** Code and name: {@code 0x24 E_NO_MORE_CONNECTIONS}. */
    static String text(int code) {
        return "0x%02X %s".formatted(code, name(code));
    }

    private static String name(int code) {
        return switch (code) {
            case 0x01 -> "E_HOST_PROTOCOL_TYPE";
            case 0x02 -> "E_VERSION_NOT_SUPPORTED";
            case 0x04 -> "E_SEQUENCE_NUMBER";
            case 0x21 -> "E_CONNECTION_ID";
            case 0x22 -> "E_CONNECTION_TYPE";
            case 0x23 -> "E_CONNECTION_OPTION";
            case 0x24 -> "E_NO_MORE_CONNECTIONS";
            case 0x25 -> "E_NO_MORE_UNIQUE_CONNECTIONS";
            case 0x26 -> "E_DATA_CONNECTION";
            case 0x27 -> "E_KNX_CONNECTION";
            case 0x28 -> "E_AUTHORISATION_ERROR";
            case 0x29 -> "E_TUNNELLING_LAYER";
            default -> "unknown status";
        };
    }
}
