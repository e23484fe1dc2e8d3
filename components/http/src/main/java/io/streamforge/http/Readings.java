package io.streamforge.http;

import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.http.Refusal.Fault;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The readings of one request as they are found, with everything that is wrong with them: all of them are taken, or none. */
final class Readings {

    /** So many faults are told; a sender with more has one reason for all of them. */
    static final int MOST_FAULTS = 20;

    private static final int LONGEST_UNIT = 32;

    private final Mapping mapping;
    private final int most;
    private final Instant gatewayTime;
    private final List<Observation> observations = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private int number;
    private int faulty;
    private boolean faultInThis;

    /** @param gatewayTime when the request was received */
    Readings(Mapping mapping, int most, Instant gatewayTime) {
        this.mapping = mapping;
        this.most = most;
        this.gatewayTime = gatewayTime;
    }

    Mapping mapping() {
        return mapping;
    }

    /** Where in the body a reading stands. */
    record Place(@Nullable String pointer, int line) {
        static Place pointer(String pointer) {
            return new Place(pointer, 0);
        }

        static Place line(int line) {
            return new Place(null, line);
        }
    }

    /** A reading begins. */
    void next() throws RefusedException {
        number++;
        faultInThis = false;
        if (number > most) {
            throw new RefusedException(Refusal.of(
                    413, "A request must hold at most %d readings: divide it into smaller ones.".formatted(most)));
        }
    }

    /** A reading whose parts are all there; the value null if there was none, the texts empty. */
    void add(
            Place place,
            String asset,
            String parameter,
            @Nullable Value value,
            String unit,
            @Nullable Instant deviceTime) {
        checkAsset(place, asset);
        if (!Scalars.PARAMETER.matcher(parameter).matches()) {
            fault(
                    place,
                    mapping.parameter(),
                    parameter.isEmpty()
                            ? "is missing"
                            : "must hold no slash and at most 200 characters, got '%s'"
                                    .formatted(Scalars.shown(parameter)));
        }
        if (unit.length() > LONGEST_UNIT) {
            fault(place, mapping.unit(), "must have at most %d characters".formatted(LONGEST_UNIT));
        }
        if (!faultInThis) {
            observations.add(new Sample(
                    asset.isEmpty() ? null : asset,
                    parameter,
                    value,
                    unit,
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    deviceTime,
                    gatewayTime));
        }
    }

    /** A state change whose parts are all there; the states null if there were none, the texts empty. */
    void add(
            Place place,
            String eventId,
            String asset,
            String eventType,
            @Nullable Value previousState,
            @Nullable Value newState,
            @Nullable Instant deviceTime) {
        checkAsset(place, asset);
        if (!faultInThis) {
            observations.add(new StateChange(
                    eventId.isEmpty() ? null : eventId,
                    asset.isEmpty() ? null : asset,
                    eventType,
                    previousState,
                    newState,
                    Quality.GOOD,
                    deviceTime,
                    gatewayTime));
        }
    }

    private void checkAsset(Place place, String asset) {
        if (!asset.isEmpty() && !Scalars.ASSET.matcher(asset).matches()) {
            fault(
                    place,
                    mapping.asset(),
                    "must be letters, digits, . _ - and at most 128 characters, got '%s'"
                            .formatted(Scalars.shown(asset)));
        }
    }

    /**
     * A number in the type it has room in; null, and a fault, if there is none.
     *
     * @param whole if it was written without fraction and exponent
     */
    @Nullable
    Value number(Place place, String field, String text, boolean whole, BigDecimal amount) {
        Value value = Scalars.number(amount, whole).orElse(null);
        if (value == null) {
            fault(place, field, "must fit a 64-bit number, got %s".formatted(Scalars.shown(text)));
        }
        return value;
    }

    /** A timestamp in ISO 8601 or as a number; null, and a fault, if it is neither. */
    @Nullable
    Instant time(Place place, String text, EpochUnit unit) {
        try {
            return unit.timestamp(text);
        } catch (DateTimeException e) {
            fault(place, mapping.timestamp(), String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** @param field the field, column or tag, or null for the whole reading */
    void fault(Place place, @Nullable String field, String message) {
        if (!faultInThis) {
            faulty++;
            faultInThis = true;
        }
        if (faults.size() < MOST_FAULTS) {
            String pointer = place.pointer();
            faults.add(new Fault(
                    pointer == null || field == null ? pointer : pointer + "/" + escaped(field),
                    place.line(),
                    pointer == null ? field : null,
                    (field == null ? message : field + " " + message) + "."));
        }
    }

    /** All of them, if none is wrong. */
    List<Observation> finish() throws RefusedException {
        if (faulty > 0) {
            throw new RefusedException(new Refusal(
                    400,
                    "%d of %d readings cannot be used, so none was taken.".formatted(faulty, number),
                    List.copyOf(faults)));
        }
        if (number == 0) {
            throw new RefusedException(Refusal.of(400, "The body holds no reading."));
        }
        return observations;
    }

    /** RFC 6901. */
    private static String escaped(String field) {
        return field.replace("~", "~0").replace("/", "~1");
    }
}
