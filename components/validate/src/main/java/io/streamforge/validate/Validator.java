package io.streamforge.validate;

import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.ReadingView;
import io.streamforge.model.SeriesMap;
import io.streamforge.model.TimeSource;
import io.streamforge.model.UndecodableException;
import io.streamforge.model.ValueKind;
import java.time.Clock;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every reading of a batch: it passes as the very bytes it came in, passes with a worse verdict, or goes to the dead letters
 * with its original bytes. What the device said about a value is never made better.
 *
 * <p>A reading that the device itself declared BAD leaves a null UNCERTAIN reading with the same identity behind, so that sinks, windows and
 * trends see the gap. Confined to its route's thread.
 */
public final class Validator {

    /** A plant has fewer signals by far; beyond it names are being made up, and the memory of them starts afresh. */
    private static final int MAX_SERIES = 1 << 18;

    /**
     * What became of a batch.
     *
     * @param clean readings, for the clean topic
     * @param dead dead letters
     */
    public record Outcome(Batch clean, Batch dead) {}

    private record Refusal(String code, String reason) {}

    private final String stage;
    private final Origin unreadable;
    private final Rules rules;
    private final ReadingView view;
    private final Decoder decoder;
    private final ReadingCodec readings;
    private final DeadLetterCodec deadLetters;
    private final Clock clock;
    private SeriesMap<Rules.Checks> series = new SeriesMap<>();

    /**
     * @param stage the route's id, as dead letters name it
     * @param gatewayId the gateway's id, for dead letters of what cannot be read
     * @param readingSchemaId the registry's id of {@link io.streamforge.model.Schemas#READING}
     * @param deadLetterSchemaId the registry's id of {@link io.streamforge.model.Schemas#DEAD_LETTER}
     * @param clock the gateway's, for the time of a refusal
     */
    public Validator(
            String stage,
            String gatewayId,
            Rules rules,
            Decoder decoder,
            int readingSchemaId,
            int deadLetterSchemaId,
            Clock clock) {
        this.stage = stage;
        this.unreadable = Origin.of(gatewayId);
        this.rules = rules;
        this.view = new ReadingView(readingSchemaId);
        this.decoder = decoder;
        this.readings = new ReadingCodec(readingSchemaId);
        this.deadLetters = new DeadLetterCodec(deadLetterSchemaId);
        this.clock = clock;
    }

    /** Decides about every record of the batch, in its order. */
    public Outcome validate(Batch in) {
        Outcome outcome = new Outcome(Batch.output(), Batch.output());
        outcome.clean.ensureCapacity(in.size());
        for (int i = 0; i < in.size(); i++) {
            try {
                byte[] framed = in.value(i);
                if (!view.wrap(framed)) {
                    view.wrapResolved(decoder, framed);
                }
                judge(in, i, outcome);
            } catch (UndecodableException e) {
                refuse(in, i, outcome.dead, unreadable, e.reasonCode(), Objects.requireNonNull(e.getMessage()));
            }
        }
        return outcome;
    }

    private void judge(Batch in, int i, Outcome outcome) {
        Refusal refusal = view.quality() == Quality.BAD ? deviceVerdict() : firstRefusal();
        if (refusal != null) {
            refuse(in, i, outcome.dead, view.origin(), refusal.code, refusal.reason);
            if (view.quality() == Quality.BAD) {
                outcome.clean.add(in.key(i), gapMarker(refusal), in.partition(i), in.offset(i));
            }
            return;
        }
        outcome.clean.add(in.key(i), annotated(in.value(i)), in.partition(i), in.offset(i));
    }

    private Refusal deviceVerdict() {
        String reason = view.qualityReason();
        return new Refusal("DEVICE_BAD", reason == null ? "The device gave no reason." : reason);
    }

    private @Nullable Refusal firstRefusal() {
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
        Rules.Checks checks = checks();
        Range.Limits range = checks.range();
        return switch (view.valueKind()) {
            case NONE ->
                checks.required() || view.quality() == Quality.GOOD
                        ? new Refusal("MISSING_VALUE", "%s: a value is required, got none.".formatted(name()))
                        : null;
            case REAL -> {
                double value = view.doubleValue();
                if (range != null && !range.allows(value)) {
                    yield outside(range, Double.toString(value));
                }
                yield checks.required() && Double.isNaN(value)
                        ? new Refusal("MISSING_VALUE", "%s: a value is required, got NaN.".formatted(name()))
                        : null;
            }
            case WHOLE ->
                range == null || range.allows(view.longValue())
                        ? null
                        : outside(range, Long.toString(view.longValue()));
            case FLAG, TEXT ->
                range == null
                        ? null
                        : new Refusal(
                                "TYPE_MISMATCH",
                                "%s: value must be a number %s, got a %s."
                                        .formatted(
                                                name(),
                                                range.range().sentence(),
                                                view.valueKind() == ValueKind.FLAG ? "flag" : "text"));
        };
    }

    private Refusal outside(Range.Limits range, String value) {
        String unit = view.unit().isEmpty() ? "" : " " + view.unit();
        return new Refusal(
                "RANGE",
                "%s: value must be %s%s, got %s%s."
                        .formatted(name(), range.range().sentence(), unit, value, unit));
    }

    private Rules.Checks checks() {
        byte[] bytes = view.bytes();
        int assetAt = view.assetOffset();
        int assetLength = view.assetLength();
        int parameterAt = view.parameterOffset();
        int parameterLength = view.parameterLength();
        Rules.Checks checks = series.get(bytes, assetAt, assetLength, parameterAt, parameterLength);
        if (checks == null) {
            if (series.size() >= MAX_SERIES) {
                series = new SeriesMap<>();
            }
            checks = rules.checksFor(view.assetId(), view.parameter());
            series.put(
                    Arrays.copyOfRange(bytes, assetAt, assetAt + assetLength),
                    Arrays.copyOfRange(bytes, parameterAt, parameterAt + parameterLength),
                    checks);
        }
        return checks;
    }

    /** The record itself, unless its clock skew or a missing device time must be noted in it. */
    private byte[] annotated(byte[] framed) {
        if (view.hasDeviceTime()) {
            return view.clockSkewMs() != null
                    ? framed
                    : view.withQuality(view.quality(), view.qualityReason(), clockSkewMs());
        }
        if (view.timeSource() == TimeSource.DEVICE && view.quality().compareTo(Quality.UNCERTAIN) < 0) {
            return view.withQuality(
                    Quality.UNCERTAIN, "device_time: missing, gateway_time stands in", view.clockSkewMs());
        }
        return framed;
    }

    private long clockSkewMs() {
        try {
            return Math.subtractExact(view.gatewayTimeMicros(), view.deviceTimeMicros()) / 1_000;
        } catch (ArithmeticException e) {
            return (view.deviceTimeMicros() < 0 ? Long.MAX_VALUE : Long.MIN_VALUE) / 1_000;
        }
    }

    private byte[] gapMarker(Refusal refusal) {
        Reading bad = view.toReading();
        return readings.encode(new Reading(
                null,
                Quality.UNCERTAIN,
                bad.assetId(),
                bad.parameter(),
                bad.unit(),
                bad.classification(),
                bad.deviceTime(),
                bad.gatewayTime(),
                bad.timeSource(),
                bad.clockSkewMs(),
                "gap: " + refusal.reason,
                bad.sequence(),
                bad.origin()));
    }

    private void refuse(Batch in, int i, Batch dead, Origin origin, String code, String reason) {
        DeadLetter letter = DeadLetter.of(in, i, stage, code, reason, clock.instant(), origin);
        dead.add(in.key(i), deadLetters.encode(letter), in.partition(i), in.offset(i));
    }

    private String name() {
        return view.assetId() + "/" + view.parameter();
    }
}
