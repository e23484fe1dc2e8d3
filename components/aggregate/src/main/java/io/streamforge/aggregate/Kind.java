package io.streamforge.aggregate;

/** What a contribution is; its ordinal takes four bits of a packed cell. */
enum Kind {
    /** A reading without a value: the signal was silent or bad from here on. */
    GAP,
    NUMBER,
    OFF,
    ON,
    TEXT,
    /** A number that cannot be calculated with: NaN or infinite. */
    UNUSABLE,
    /** A finer aggregate of one single number. */
    SINGLE,
    /** Any other finer aggregate. */
    PART,
    /** All finer aggregates of one window up to a time, as far as their sums have come. */
    FOLDED
}
