package io.streamforge.controlplane.ledger;

/** How long the spans are that the ledger is summed up over. */
enum Resolution {
    MINUTE("minute"),
    HOUR("hour"),
    DAY("day");

    private final String unit;

    Resolution(String unit) {
        this.unit = unit;
    }

    /** As {@code date_trunc} calls it. */
    String unit() {
        return unit;
    }
}
