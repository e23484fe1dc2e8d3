package io.streamforge.it.bench.validate;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Origin;
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

    /** A series' bytes as a map's key, reused for look-ups. */
    private static final class Series {
        private byte[] bytes = new byte[0];
        private int assetOffset;
        private int assetLength;
        private int parameterOffset;
        private int parameterLength;

        private Series at(ReadingView view, byte[] framed) {
            bytes = framed;
            assetOffset = view.assetOffset();
            assetLength = view.assetLength();
            parameterOffset = view.parameterOffset();
            parameterLength = view.parameterLength();
            return this;
        }

        @Override
        public int hashCode() {
            int hash = 1;
            for (int i = 0; i < assetLength; i++) {
                hash = 31 * hash + bytes[assetOffset + i];
            }
            for (int i = 0; i < parameterLength; i++) {
                hash = 31 * hash + bytes[parameterOffset + i];
            }
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Series series
                    && java.util.Arrays.equals(
                            bytes,
                            assetOffset,
                            assetOffset + assetLength,
                            series.bytes,
                            series.assetOffset,
                            series.assetOffset + series.assetLength)
                    && java.util.Arrays.equals(
                            bytes,
                            parameterOffset,
                            parameterOffset + parameterLength,
                            series.bytes,
                            series.parameterOffset,
                            series.parameterOffset + series.parameterLength);
        }
    }

    private final int schemaId;
    private final DeadLetterCodec deadLetters;
    private final ReadingView view;
    private final Series probe = new Series();
    private final Map<Series, Double> limits = new HashMap<>();

    HandChecks(int schemaId, DeadLetterCodec deadLetters) {
        this.schemaId = schemaId;
        this.deadLetters = deadLetters;
        this.view = new ReadingView(schemaId);
    }

    /** The dead letter for a reading out of range, null for one that may pass. */
    byte @Nullable [] check(ConsumerRecord<byte[], byte[]> read) {
        if (!view.wrap(read.value())) {
            throw new IllegalStateException("The bench writes schema %d only.".formatted(schemaId));
        }
        Double max = limits.get(probe.at(view, read.value()));
        if (max == null) {
            String asset = text(read.value(), view.assetOffset(), view.assetLength());
            String parameter = text(read.value(), view.parameterOffset(), view.parameterLength());
            max = Workload.max(asset, Integer.parseInt(parameter.substring("parameter-".length())));
            limits.put(new Series().at(view, read.value().clone()), max);
        }
        double value = view.doubleValue();
        if (value >= Workload.MIN && value <= max) {
            return null;
        }
        return deadLetters.encode(new DeadLetter(
                "%s-%d-%d".formatted(read.topic(), read.partition(), read.offset()),
                read.topic(),
                read.partition(),
                read.offset(),
                "hand",
                "RANGE",
                "Value %s is outside [%s, %s].".formatted(value, Workload.MIN, max),
                Instant.now(),
                schemaId,
                ByteBuffer.wrap(read.value()),
                1,
                ORIGIN));
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
