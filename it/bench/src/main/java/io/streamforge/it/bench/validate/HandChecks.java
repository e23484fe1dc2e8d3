package io.streamforge.it.bench.validate;

import io.streamforge.it.bench.SeriesKey;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.ReadingView;
import io.streamforge.model.ValueKind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The same checks written by hand for exactly this workload: what the general rule engine is measured against. */
final class HandChecks {

    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "opcua-source@1", 1, 1);
    private static final byte[] UNIT = "Cel".getBytes(StandardCharsets.UTF_8);
    private static final long MOST_SKEW_MS = 10_000;

    /** What is remembered of one series; times are microseconds. */
    private static final class State {
        private final Workload.Rule rule;
        private final double max;
        private boolean bad;
        private long seen;
        private long lastTime = Long.MIN_VALUE;
        private double last;
        private double level = Double.NaN;
        private long levelSince;
        private final long[] recentTimes = new long[Workload.REMEMBERED];
        private final long[] recentValues = new long[Workload.REMEMBERED];
        private int recent;

        private State(Workload.Rule rule, double max) {
            this.rule = rule;
            this.max = max;
        }
    }

    private final int schemaId;
    private final DeadLetterCodec deadLetters;
    private final ReadingView view;
    private final SeriesKey probe = new SeriesKey();
    private final Map<SeriesKey, State> states = new HashMap<>();
    private final ReadingCodec readings;
    private final StringBuilder doubts = new StringBuilder();
    private byte @Nullable [] clean;
    private byte @Nullable [] dead;

    HandChecks(int schemaId, DeadLetterCodec deadLetters) {
        this.schemaId = schemaId;
        this.readings = new ReadingCodec(schemaId);
        this.deadLetters = deadLetters;
        this.view = new ReadingView(schemaId);
    }

    /** What goes to the clean topic for the record checked last, null for nothing. */
    byte @Nullable [] clean() {
        return clean;
    }

    /** What goes to the dead letters for the record checked last, null for nothing. */
    byte @Nullable [] dead() {
        return dead;
    }

    void check(ConsumerRecord<byte[], byte[]> read) {
        if (!view.wrap(read.value()) || view.gatewayTimeMicros() <= 0 || view.quality() != Quality.GOOD) {
            throw new IllegalStateException("The bench writes schema %d and GOOD readings only.".formatted(schemaId));
        }
        clean = null;
        dead = null;
        State state = state(read.value());
        watchTime(state);
        if (state.rule.dropsDuplicates() && view.hasDeviceTime() && cameBefore(state)) {
            return;
        }
        String refusal = refusal(state);
        if (refusal == null) {
            state.bad = false;
            doubt(state);
            clean = annotated(read.value());
            return;
        }
        if (!state.bad) {
            state.bad = true;
            clean = marker(view.toReading(), refusal);
        }
        dead = deadLetters.encode(new DeadLetter(
                "%s-%d-%d".formatted(read.topic(), read.partition(), read.offset()),
                read.topic(),
                read.partition(),
                read.offset(),
                "hand",
                "REFUSED",
                refusal,
                Instant.now(),
                schemaId,
                ByteBuffer.wrap(read.value()),
                1,
                ORIGIN));
    }

    private State state(byte[] framed) {
        State known = states.get(probe.at(view, framed));
        if (known != null) {
            return known;
        }
        String asset = text(framed, view.assetOffset(), view.assetLength());
        String parameter = text(framed, view.parameterOffset(), view.parameterLength());
        int number = Integer.parseInt(parameter.substring("parameter-".length()));
        State made = new State(Workload.rule(asset, number), Workload.max(asset, number));
        states.put(new SeriesKey().at(view, framed.clone()), made);
        return made;
    }

    /** Silence and wrong clocks, of which the workload has none. */
    private void watchTime(State state) {
        long time = view.gatewayTimeMicros();
        if (state.rule == Workload.Rule.GAP && state.seen > 0 && time - state.seen > Workload.MAX_GAP_MS * 1_000
                || view.hasDeviceTime() && Math.abs(view.skewMs()) > MOST_SKEW_MS) {
            throw new IllegalStateException("The bench reads every second, from clocks that are right.");
        }
        state.seen = Math.max(state.seen, time);
    }

    private boolean cameBefore(State state) {
        long time = view.deviceTimeMicros();
        long value = Double.doubleToLongBits(view.doubleValue());
        for (int i = 0; i < Workload.REMEMBERED; i++) {
            if (state.recentTimes[i] == time && state.recentValues[i] == value) {
                return true;
            }
        }
        state.recentTimes[state.recent] = time;
        state.recentValues[state.recent] = value;
        state.recent = (state.recent + 1) % Workload.REMEMBERED;
        return false;
    }

    private @Nullable String refusal(State state) {
        double value = view.doubleValue();
        if (!(value >= Workload.MIN && value <= state.max)) {
            return refused("value must be between %s and %s Cel".formatted(Workload.MIN, state.max));
        }
        if (state.rule == Workload.Rule.ALLOWED && value != 0 && value != 1 && value != 2 && value != 3) {
            return refused("value must be one of 0, 1, 2, 3");
        }
        if (state.rule == Workload.Rule.COMPLETE
                && (Double.isNaN(value)
                        || !Arrays.equals(UNIT, 0, UNIT.length, view.bytes(), view.unitOffset(), unitEnd()))) {
            return refused("value and unit are required");
        }
        return null;
    }

    private int unitEnd() {
        return view.unitOffset() + view.unitLength();
    }

    private String refused(String rule) {
        return "%s/%s: %s, got %s.".formatted(view.assetId(), view.parameter(), rule, value());
    }

    private void doubt(State state) {
        double value = view.doubleValue();
        if (state.rule.warns() && !(value <= Workload.NOT_ABOVE)) {
            doubt("warning: value must be at most %s Cel, got %s".formatted(Workload.NOT_ABOVE, value()));
        }
        if (state.rule == Workload.Rule.EXPRESSION && !(value < Workload.TESTED || view.quality() != Quality.GOOD)) {
            doubt("expression: %s does not hold, got %s".formatted(Workload.TEST, value()));
        }
        long time = view.timeMicros();
        if (time <= state.lastTime || !state.rule.watchesRate() && !state.rule.watchesStandstill()) {
            return;
        }
        if (state.rule.watchesRate() && state.lastTime != Long.MIN_VALUE) {
            double change = Math.abs(value - state.last);
            long elapsed = time - state.lastTime;
            if (!(change * 1e6 <= Workload.MAX_PER_SECOND * elapsed)) {
                doubt("rate: value must change by at most %s Cel a second, changed by %s in %s s"
                        .formatted(plain(Workload.MAX_PER_SECOND), plain(change), plain(elapsed / 1e6)));
            }
        }
        if (state.rule.watchesStandstill()) {
            if (value != state.level) {
                state.level = value;
                state.levelSince = time;
            }
            if (time - state.levelSince >= Workload.FLAT_AFTER_MS * 1_000) {
                doubt("flatline: value has not changed for %s s, got %s"
                        .formatted(plain(Workload.FLAT_AFTER_MS / 1e3), value()));
            }
        }
        state.lastTime = time;
        state.last = value;
    }

    private void doubt(String detail) {
        doubts.append(doubts.length() == 0 ? "" : "; ").append(detail);
    }

    private byte[] annotated(byte[] framed) {
        boolean skewKnown = view.hasClockSkew() || !view.hasDeviceTime();
        if (doubts.length() == 0 && skewKnown) {
            return framed;
        }
        String reason = doubts.length() == 0 ? null : doubts.toString();
        doubts.setLength(0);
        return view.withQuality(
                reason == null ? Quality.GOOD : Quality.SUSPECT,
                reason,
                view.hasDeviceTime() ? Long.valueOf(view.skewMs()) : null);
    }

    private byte[] marker(Reading bad, String refusal) {
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
                "gap: " + refusal,
                bad.sequence(),
                bad.origin()));
    }

    private String value() {
        return (view.valueKind() == ValueKind.WHOLE
                        ? Long.toString(view.longValue())
                        : Double.toString(view.doubleValue()))
                + " Cel";
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
