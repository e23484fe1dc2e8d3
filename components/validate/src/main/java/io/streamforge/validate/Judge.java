package io.streamforge.validate;

import io.streamforge.expression.Expression.EvaluationException;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingView;
import io.streamforge.model.ValueKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds the reading that lies in the view against what is asked of its series: first {@link #refusal}, and of what may pass {@link #doubt}.
 * Says in sentences what is wrong; says nothing, and makes no object, where nothing is.
 */
final class Judge {

    private final ReadingView view;
    private final long horizon;
    private final StringBuilder doubts = new StringBuilder();

    /** @param horizon a device clock that was set back further than this begins anew */
    Judge(ReadingView view, Duration horizon) {
        this.view = view;
        this.horizon = Partition.micros(horizon);
    }

    /** Rule and detail of every doubt about the reading, null for none; the next reading begins without. */
    @Nullable
    String takeDoubts() {
        if (doubts.length() == 0) {
            return null;
        }
        String taken = doubts.toString();
        doubts.setLength(0);
        return taken;
    }

    /** Names and time: without them no rule can be found. */
    @Nullable
    Refusal incomplete() {
        if (view.assetLength() == 0) {
            return new Refusal("MISSING_FIELD", "Reading: asset_id must not be empty.");
        }
        if (view.parameterLength() == 0) {
            return new Refusal(
                    "MISSING_FIELD", "Reading of %s: parameter must not be empty.".formatted(view.assetId()));
        }
        if (view.gatewayTimeMicros() <= 0) {
            return new Refusal(
                    "MISSING_FIELD",
                    "%s: timestamps.gateway_time must be after 1970-01-01T00:00Z, got %d µs."
                            .formatted(name(), view.gatewayTimeMicros()));
        }
        return null;
    }

    /** What the device itself said. */
    Refusal device() {
        String reason = view.qualityReason();
        return new Refusal("DEVICE_BAD", reason == null ? "The device gave no reason." : reason);
    }

    /** The first rule that makes the reading BAD, null for none. */
    @Nullable
    Refusal refusal(Signal signal) {
        Checks checks = signal.checks();
        ValueKind kind = view.valueKind();
        if (kind == ValueKind.NONE) {
            return checks.asksForValue() || view.quality() == Quality.GOOD
                    ? refuse("MISSING_VALUE", "a value is required, got none")
                    : null;
        }
        if (checks.type() != null && checks.type() != Checks.Type.of(kind)) {
            return refuse(
                    "TYPE_MISMATCH",
                    "value must be %s, got %s"
                            .formatted(
                                    checks.type().noun(), Checks.Type.of(kind).noun()));
        }
        if (checks.unit() != null && !checks.unit().is(view)) {
            return refuse(
                    "UNIT_MISMATCH",
                    "unit must be %s, got %s".formatted(orNone(checks.unit().toString()), orNone(view.unit())));
        }
        Refusal outside = checks.range() == null ? null : outside(checks.range(), kind);
        if (outside != null) {
            return outside;
        }
        if (checks.asksForValue() && kind == ValueKind.REAL && Double.isNaN(view.doubleValue())) {
            return refuse("MISSING_VALUE", "a value is required, got NaN");
        }
        if (checks.allowed() != null && !checks.allowed().allows(view)) {
            return refuse("NOT_ALLOWED", "value must be one of %s, got %s".formatted(checks.allowed(), value()));
        }
        Checks.Condition condition = checks.condition();
        if (condition != null && condition.bad() && fails(condition, signal)) {
            return refuse("EXPRESSION", "%s must hold, got %s".formatted(condition.expression(), value()));
        }
        return null;
    }

    private @Nullable Refusal outside(Range range, ValueKind kind) {
        return switch (kind) {
            case REAL -> range.allows(view.doubleValue()) ? null : outside(range);
            case WHOLE -> range.allows(view.longValue()) ? null : outside(range);
            case FLAG, TEXT ->
                refuse(
                        "TYPE_MISMATCH",
                        "value must be a number %s, got %s"
                                .formatted(
                                        range.sentence(), Checks.Type.of(kind).noun()));
            case NONE -> null;
        };
    }

    private Refusal outside(Range range) {
        return refuse("RANGE", "value must be %s%s, got %s".formatted(range.sentence(), unit(), value()));
    }

    /** Notes every rule that makes the reading SUSPECT, and remembers it for those that compare. */
    void doubt(Signal signal) {
        if (view.valueKind() == ValueKind.NONE) {
            return;
        }
        Checks checks = signal.checks();
        if (checks.warning() != null && !inside(checks.warning())) {
            doubt("warning: value must be %s%s, got %s"
                    .formatted(checks.warning().sentence(), unit(), value()));
        }
        Checks.Condition condition = checks.condition();
        if (condition != null && !condition.bad() && fails(condition, signal)) {
            doubt("expression: %s does not hold, got %s".formatted(condition.expression(), value()));
        }
        if (checks.comparesValues() && signal instanceof Tracked tracked) {
            compare(tracked);
        }
    }

    private boolean inside(Range band) {
        return switch (view.valueKind()) {
            case REAL -> band.allows(view.doubleValue());
            case WHOLE -> band.allows(view.longValue());
            case NONE, FLAG, TEXT -> true;
        };
    }

    /** Notes that another value came before for the same device time. */
    void doubtDuplicate() {
        doubt("duplicate: another value came before for device time %s"
                .formatted(Instant.EPOCH.plus(view.deviceTimeMicros(), ChronoUnit.MICROS)));
    }

    private void compare(Tracked tracked) {
        long time = view.timeMicros();
        if (tracked.hasLast() && tracked.lastTime() - horizon > time) {
            tracked.restart();
        }
        if (!tracked.advancesTo(time)) {
            return;
        }
        Checks checks = tracked.checks();
        if (checks.rate() != null && tracked.hasLast()) {
            compareRate(checks.rate(), tracked, time - tracked.lastTime());
        }
        if (checks.flatline() != null) {
            long after = Partition.micros(checks.flatline().after());
            if (tracked.unchangedFor(view, checks.flatline().tolerance()) >= after) {
                doubt("flatline: value has not changed for %s s, got %s".formatted(seconds(after), value()));
            }
        }
        tracked.remember(view);
    }

    private void compareRate(Checks.Rate rate, Tracked tracked, long elapsed) {
        if (elapsed > Partition.micros(rate.within())
                || !Tracked.isNumber(tracked.lastKind())
                || !Tracked.isNumber(view.valueKind())) {
            return;
        }
        double change = tracked.changeTo(view);
        if (!(change * 1e6 <= rate.maxPerSecond() * elapsed)) {
            doubt("rate: value must change by at most %s%s a second, changed by %s in %s s"
                    .formatted(plain(rate.maxPerSecond()), unit(), plain(change), seconds(elapsed)));
        }
    }

    /** An expression that cannot be evaluated is a doubt by itself, whatever the rule's verdict. */
    private boolean fails(Checks.Condition condition, Signal signal) {
        Object before = null;
        double since = 0;
        if (condition.expression().comparing()) {
            if (!(signal instanceof Tracked tracked) || !tracked.hasLast() || !tracked.advancesTo(view.timeMicros())) {
                return false;
            }
            before = tracked.last();
            since = (view.timeMicros() - tracked.lastTime()) / 1e6;
        }
        try {
            return !condition.expression().holds(object(), view.quality().name(), view.unit(), before, since);
        } catch (EvaluationException e) {
            doubt("expression: %s cannot be evaluated: %s".formatted(condition.expression(), e.getMessage()));
            return false;
        }
    }

    private Object object() {
        return switch (view.valueKind()) {
            case REAL, WHOLE -> view.doubleValue();
            case FLAG -> view.booleanValue();
            case TEXT -> view.textValue();
            case NONE -> throw new IllegalStateException("A reading without a value is not evaluated.");
        };
    }

    private void doubt(String detail) {
        doubts.append(doubts.length() == 0 ? "" : "; ").append(detail);
    }

    private Refusal refuse(String code, String detail) {
        doubts.setLength(0);
        return new Refusal(code, "%s: %s.".formatted(name(), detail));
    }

    private String name() {
        return view.assetId() + "/" + view.parameter();
    }

    private String value() {
        String text =
                switch (view.valueKind()) {
                    case REAL -> Double.toString(view.doubleValue());
                    case WHOLE -> Long.toString(view.longValue());
                    case FLAG -> Boolean.toString(view.booleanValue());
                    case TEXT -> "'" + view.textValue() + "'";
                    case NONE -> "none";
                };
        return text + unit();
    }

    private String unit() {
        return view.unitLength() == 0 ? "" : " " + view.unit();
    }

    private static String orNone(String unit) {
        return unit.isEmpty() ? "none" : unit;
    }

    private static String seconds(long micros) {
        return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
    }

    private static String plain(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }
}
