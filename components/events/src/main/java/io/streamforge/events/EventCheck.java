package io.streamforge.events;

import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Event;
import io.streamforge.model.Origin;
import io.streamforge.model.TimeSource;
import io.streamforge.model.UndecodableException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record is a whole event: readable, with its identity, asset, type and new state, and with times that can be. What passes goes on as
 * the bytes it came in. A pure function but for the clock, which stamps dead letters.
 */
final class EventCheck {

    /** A device time outside of these is a wrong unit or an unset clock. */
    private static final Instant FIRST = Instant.EPOCH;

    private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

    private final String stage;
    private final String gatewayId;
    private final Decoder decoder;
    private final DeadLetterCodec letters;
    private final Clock clock;

    /** @param deadLetterSchemaId of dlq.events */
    EventCheck(String stage, String gatewayId, Decoder decoder, int deadLetterSchemaId, Clock clock) {
        this.stage = stage;
        this.gatewayId = gatewayId;
        this.decoder = decoder;
        this.letters = new DeadLetterCodec(deadLetterSchemaId);
        this.clock = clock;
    }

    /** What becomes of a batch. */
    record Outcome(Batch clean, Batch dead) {}

    /** Why an event is refused. */
    private record Fault(String code, String sentence) {}

    /** @throws io.streamforge.model.SchemaRegistry.RegistryUnavailableException if a schema cannot be had now */
    Outcome check(Batch in) {
        Outcome outcome = new Outcome(Batch.output(), Batch.output());
        for (int i = 0; i < in.size(); i++) {
            try {
                Event event = decoder.event(in.value(i));
                Fault fault = fault(event);
                if (fault == null) {
                    outcome.clean().add(in.key(i), in.value(i), in.partition(i), in.offset(i));
                } else {
                    refuse(in, i, fault.code(), fault.sentence(), event.origin(), outcome.dead());
                }
            } catch (UndecodableException e) {
                refuse(in, i, e.reasonCode(), String.valueOf(e.getMessage()), Origin.of(gatewayId), outcome.dead());
            }
        }
        return outcome;
    }

    private static @Nullable Fault fault(Event event) {
        if (event.eventId().isBlank()) {
            return missing("event_id");
        }
        if (event.assetId().isBlank()) {
            return missing("asset_id");
        }
        if (event.eventType().isBlank()) {
            return missing("event_type");
        }
        if (event.newState() == null) {
            return missing("new_state");
        }
        if (!event.gatewayTime().isAfter(FIRST)) {
            return missing("gateway_time");
        }
        Instant deviceTime = event.deviceTime();
        if ((deviceTime == null) != (event.timeSource() == TimeSource.GATEWAY)) {
            return new Fault(
                    "INVALID_TIME",
                    "time_source must be DEVICE exactly when there is a device_time, got %s with device_time %s."
                            .formatted(event.timeSource(), deviceTime));
        }
        if (deviceTime != null && (deviceTime.isBefore(FIRST) || !deviceTime.isBefore(LAST))) {
            return new Fault(
                    "INVALID_TIME", "device_time must lie between 1970 and 2200, got %s.".formatted(deviceTime));
        }
        return null;
    }

    private static Fault missing(String field) {
        return new Fault("MISSING_FIELD", "An event must have %s.".formatted(field));
    }

    private void refuse(Batch in, int index, String code, String sentence, Origin origin, Batch dead) {
        dead.add(
                in.key(index),
                letters.encode(DeadLetter.of(in, index, stage, code, sentence, clock.instant(), origin)),
                in.partition(index),
                in.offset(index));
    }
}
