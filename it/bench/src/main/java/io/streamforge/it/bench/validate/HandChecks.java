package io.streamforge.it.bench.validate;

import io.streamforge.it.bench.SeriesKey;
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

    private final int schemaId;
    private final DeadLetterCodec deadLetters;
    private final ReadingView view;
    private final SeriesKey probe = new SeriesKey();
    private final Map<SeriesKey, Double> limits = new HashMap<>();

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
            limits.put(new SeriesKey().at(view, read.value().clone()), max);
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
