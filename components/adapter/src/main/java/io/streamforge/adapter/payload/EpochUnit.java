package io.streamforge.adapter.payload;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a timestamp that is a number counts, since 1970-01-01T00:00Z. */
public enum EpochUnit {
    S(6),
    MS(3),
    US(0),
    NS(-3);

    /** Beyond 40 digits or decimals a number is no time, and calculating with it costs memory. */
    private static final int MOST_DIGITS = 40;

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

    private final int powerToMicros;

    EpochUnit(int powerToMicros) {
        this.powerToMicros = powerToMicros;
    }

    /** How a configuration and the query parameter {@code precision} write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<EpochUnit> of(String key) {
        return Arrays.stream(values()).filter(unit -> unit.key().equals(key)).findFirst();
    }

    /** The time in whole microseconds, rounded down; empty if it is none that a record can carry. */
    public Optional<Instant> instant(BigDecimal amount) {
        if (amount.precision() > MOST_DIGITS || Math.abs((long) amount.scale()) > MOST_DIGITS) {
            return Optional.empty();
        }
        BigDecimal micros = amount.movePointRight(powerToMicros).setScale(0, RoundingMode.FLOOR);
        if (micros.abs().precision() > 18) {
            return Optional.empty();
        }
        return plausible(Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS));
    }

    /**
     * A timestamp as devices write it: ISO 8601 with a zone, or a number in this unit.
     *
     * @return whole microseconds, from 1970 to 2200
     * @throws DateTimeException whose message is the rule that it breaks, with what was given
     */
    public Instant timestamp(String text) {
        boolean number = Scalars.NUMBER.matcher(text).matches();
        Optional<Instant> time;
        try {
            time = number
                    ? instant(new BigDecimal(text))
                    : plausible(Instant.parse(text).truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            throw new DateTimeException(
                    "must be ISO 8601 with a zone, for instance 2026-11-20T08:15:00.250Z, or a number in %s, got '%s'"
                            .formatted(key(), Scalars.shown(text)),
                    e);
        }
        return time.orElseThrow(() -> new DateTimeException("must lie between 1970 and 2200, got %s%s"
                .formatted(Scalars.shown(text), number ? " taken as %s".formatted(key()) : "")));
    }

    /** A time outside of 1970 to 2200 comes from a wrong unit or an unset clock. */
    private static Optional<Instant> plausible(Instant time) {
        return time.isBefore(FIRST) || !time.isBefore(LAST) ? Optional.empty() : Optional.of(time);
    }
}
