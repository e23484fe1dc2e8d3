package io.streamforge.model;

/** A measured value in one of the four types that the stream carries; a missing value is {@code null} where a {@code Value} is expected. */
public sealed interface Value {

    /** A real number; also every scaled integer. */
    record Real(double value) implements Value {}

    /** A whole number that fits a signed 64-bit integer. */
    record Whole(long value) implements Value {}

    /** A discrete on/off state. */
    record Flag(boolean value) implements Value {}

    /** A text, of any length a record can carry. */
    record Text(String value) implements Value {}
}
