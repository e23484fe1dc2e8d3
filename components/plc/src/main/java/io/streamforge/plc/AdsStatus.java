package io.streamforge.plc;

import java.util.Map;

/** The return codes of ADS (Beckhoff, "ADS Return Codes"), by their number and their name. */
final class AdsStatus {

    static final int OK = 0;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x01, "INTERNAL_ERROR"),
            Map.entry(0x06, "TARGET_PORT_NOT_FOUND"),
            Map.entry(0x07, "TARGET_COMPUTER_NOT_FOUND"),
            Map.entry(0x08, "UNKNOWN_COMMAND"),
            Map.entry(0x0D, "PORT_NOT_CONNECTED"),
            Map.entry(0x12, "PORT_DISABLED"),
            Map.entry(0x1A, "ROUTER_NOT_ACTIVE"),
            Map.entry(0x700, "DEVICE_ERROR"),
            Map.entry(0x701, "SERVICE_NOT_SUPPORTED"),
            Map.entry(0x702, "INVALID_INDEX_GROUP"),
            Map.entry(0x703, "INVALID_INDEX_OFFSET"),
            Map.entry(0x704, "INVALID_ACCESS"),
            Map.entry(0x705, "INVALID_SIZE"),
            Map.entry(0x706, "INVALID_DATA"),
            Map.entry(0x707, "NOT_READY"),
            Map.entry(0x708, "BUSY"),
            Map.entry(0x709, "INVALID_CONTEXT"),
            Map.entry(0x70A, "NO_MEMORY"),
            Map.entry(0x70B, "INVALID_PARAMETER"),
            Map.entry(0x70C, "NOT_FOUND"),
            Map.entry(0x70D, "SYNTAX_ERROR"),
            Map.entry(0x70E, "INCOMPATIBLE"),
            Map.entry(0x710, "SYMBOL_NOT_FOUND"),
            Map.entry(0x711, "SYMBOL_VERSION_INVALID"),
            Map.entry(0x712, "INVALID_STATE"),
            Map.entry(0x719, "TIMEOUT"),
            Map.entry(0x722, "ACCESS_DENIED"));

    private AdsStatus() {}

    static String text(int code) {
        return "0x%04X %s".formatted(code, NAMES.getOrDefault(code, "UNKNOWN"));
    }
}
