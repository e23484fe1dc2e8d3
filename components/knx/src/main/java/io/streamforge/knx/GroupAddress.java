package io.streamforge.knx;

import java.util.regex.Pattern;

/**
 * Where telegrams of a group go (KNX Standard 03_03_02 Data Link Layer General).
 *
 * @param raw 1–65535; 0 is the broadcast, which is no group
 */
record GroupAddress(int raw) {

    private static final Pattern SHAPE = Pattern.compile("\\d{1,5}(/\\d{1,4}){0,2}");

    /**
     * Reads any of the three ways in which ETS writes one.
     *
     * @param text {@code 1/2/3} (0–31, 0–7, 0–255), {@code 1/515} (0–31, 0–2047) or {@code 2563}
     * @throws IllegalArgumentException if it is none
     */
    static GroupAddress parse(String text) {
        if (SHAPE.matcher(text).matches()) {
            String[] parts = text.split("/");
            int raw =
                    switch (parts.length) {
                        case 3 -> number(parts[0], 31) << 11 | number(parts[1], 7) << 8 | number(parts[2], 255);
                        case 2 -> number(parts[0], 31) << 11 | number(parts[1], 2047);
                        default -> number(parts[0], 0xFFFF);
                    };
            if (raw > 0) {
                return new GroupAddress(raw);
            }
        }
        throw new IllegalArgumentException(
                "must be a group address as 1/2/3 (up to 31/7/255), 1/515 (up to 31/2047) or 2563 (up to 65535), got '%s'"
                        .formatted(text));
    }

    /** Negative if it is too large, and so is then what it becomes a part of. */
    private static int number(String text, int most) {
        int number = Integer.parseInt(text);
        return number > most ? -1 : number;
    }

    /** In three levels, as ETS does unless it is told otherwise. */
    @Override
    public String toString() {
        return "%d/%d/%d".formatted(raw >> 11, raw >> 8 & 7, raw & 0xFF);
    }
}
