package io.streamforge.validate;

import io.streamforge.expression.Expression;
import io.streamforge.model.ValueKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What rules ask of a signal, one component per kind of check; null where nothing is asked. One rule states some of them, the rules that match
 * a signal together state what is asked of it. Signals that are asked the same share one object.
 *
 * @param range outside is BAD
 * @param required whether a missing value is BAD
 * @param warning outside is SUSPECT
 * @param rate changing faster is SUSPECT
 * @param flatline not changing for so long is SUSPECT
 * @param maxGap a longer silence leaves a gap marker
 * @param remembered how many device times a duplicate is looked for in; 0 for none
 * @param type any other is BAD
 * @param unit any other is BAD
 * @param allowed any other value is BAD
 * @param condition where it does not hold the rule's verdict
 */
record Checks(
        @Nullable Range range,
        @Nullable Boolean required,
        @Nullable Range warning,
        @Nullable Rate rate,
        @Nullable Flatline flatline,
        @Nullable Duration maxGap,
        @Nullable Integer remembered,
        @Nullable Type type,
        @Nullable Unit unit,
        @Nullable Allowed allowed,
        @Nullable Condition condition) {

    static final Checks NONE = new Checks(null, null, null, null, null, null, null, null, null, null, null);

    /**
     * @param maxPerSecond in the reading's unit
     * @param within an older reading is not compared with
     */
    record Rate(double maxPerSecond, Duration within) {}

    /**
     * @param after how long a value may stay
     * @param tolerance how far from where it stands still counts as staying, in the reading's unit
     */
    record Flatline(Duration after, double tolerance) {}

    /** @param bad whether a reading that it does not hold for is BAD; otherwise SUSPECT */
    record Condition(Expression expression, boolean bad) {}

    /** The kinds of value a rule may ask for. */
    enum Type {
        NUMBER("a number"),
        FLAG("a flag"),
        TEXT("a text");

        private final String noun;

        Type(String noun) {
            this.noun = noun;
        }

        String noun() {
            return noun;
        }

        static Type of(ValueKind kind) {
            return switch (kind) {
                case REAL, WHOLE -> NUMBER;
                case FLAG -> FLAG;
                case TEXT -> TEXT;
                case NONE -> throw new IllegalArgumentException("No value has no type.");
            };
        }
    }

    /** What is stated here, and for the rest what the wider rule states. */
    Checks or(Checks wider) {
        return new Checks(
                range != null ? range : wider.range,
                required != null ? required : wider.required,
                warning != null ? warning : wider.warning,
                rate != null ? rate : wider.rate,
                flatline != null ? flatline : wider.flatline,
                maxGap != null ? maxGap : wider.maxGap,
                remembered != null ? remembered : wider.remembered,
                type != null ? type : wider.type,
                unit != null ? unit : wider.unit,
                allowed != null ? allowed : wider.allowed,
                condition != null ? condition : wider.condition);
    }

    boolean asksForValue() {
        return required != null && required;
    }

    boolean asksForDuplicates() {
        return remembered != null && remembered > 0;
    }

    /** Whether a reading is judged by those before it. */
    boolean compares() {
        return maxGap != null || asksForDuplicates() || comparesValues();
    }

    /** Whether a reading's value is judged by those before it. */
    boolean comparesValues() {
        return rate != null || flatline != null || condition != null && condition.expression.comparing();
    }
}
