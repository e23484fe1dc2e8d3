package io.streamforge.it.bench.validate;

import io.streamforge.it.bench.SeriesKey;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.ReadingView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The same range check written by hand for exactly this workload: what the general rule engine is measured against. */
final class HandChecks {

    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private static final class State {
        private final double max;
        private boolean bad;

        private State(double max) {
            this.max = max;
        }
    }

    private final int schemaId;
    private final DeadLetterCodec deadLetters;
    private final ReadingView view;
    private final SeriesKey probe = new SeriesKey();
    private final Map<SeriesKey, State> states = new HashMap<>();
    private final ReadingCodec readings;
    private byte @Nullable [] marker;

    HandChecks(int schemaId, DeadLetterCodec deadLetters) {
        this.schemaId = schemaId;
        this.readings = new ReadingCodec(schemaId);
        this.deadLetters = deadLetters;
        this.view = new ReadingView(schemaId);
    }

    /** The dead letter for a reading out of range, null for one that may pass. */
    byte @Nullable [] check(ConsumerRecord<byte[], byte[]> read) {
        if (!view.wrap(read.value())) {
            throw new IllegalStateException("The bench writes schema %d only.".formatted(schemaId));
        }
        State state = states.get(probe.at(view, read.value()));
        if (state == null) {
            String asset = text(read.value(), view.assetOffset(), view.assetLength());
            String parameter = text(read.value(), view.parameterOffset(), view.parameterLength());
            state = new State(Workload.max(asset, Integer.parseInt(parameter.substring("parameter-".length()))));
            states.put(new SeriesKey().at(view, read.value().clone()), state);
        }
        marker = null;
        double value = view.doubleValue();
        if (value >= Workload.MIN && value <= state.max) {
            state.bad = false;
            return null;
        }
        if (!state.bad) {
            state.bad = true;
            marker = marker(view.toReading(), state.max);
        }
        return deadLetters.encode(new DeadLetter(
                "%s-%d-%d".formatted(read.topic(), read.partition(), read.offset()),
                read.topic(),
                read.partition(),
                read.offset(),
                "hand",
                "RANGE",
                "Value %s is outside [%s, %s].".formatted(value, Workload.MIN, state.max),
                Instant.now(),
                schemaId,
                ByteBuffer.wrap(read.value()),
                1,
                ORIGIN));
    }

    /** The gap marker for the reading that was refused last, null unless it turned its series BAD. */
    byte @Nullable [] marker() {
        return marker;
    }

    private byte[] marker(Reading bad, double max) {
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
                "gap: %s/%s: value must be between %s and %s %s, got %s %s."
                        .formatted(
                                bad.assetId(),
                                bad.parameter(),
                                Workload.MIN,
                                max,
                                bad.unit(),
                                view.doubleValue(),
                                bad.unit()),
                bad.sequence(),
                bad.origin()));
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
