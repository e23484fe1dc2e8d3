package io.streamforge.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a timestamp that is a number counts, since 1970-01-01T00:00Z. */
enum EpochUnit {
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
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<EpochUnit> of(String key) {
        return Arrays.stream(values()).filter(unit -> unit.key().equals(key)).findFirst();
    }

    /** The time in whole microseconds, rounded down; empty if it is none that a record can carry. */
    Optional<Instant> instant(BigDecimal amount) {
        if (amount.precision() > MOST_DIGITS || Math.abs((long) amount.scale()) > MOST_DIGITS) {
            return Optional.empty();
        }
        BigDecimal micros = amount.movePointRight(powerToMicros).setScale(0, RoundingMode.FLOOR);
        if (micros.abs().precision() > 18) {
            return Optional.empty();
        }
        return plausible(Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS));
    }

    /** A time outside of 1970 to 2200 comes from a wrong unit or an unset clock. */
    static Optional<Instant> plausible(Instant time) {
        return time.isBefore(FIRST) || !time.isBefore(LAST) ? Optional.empty() : Optional.of(time);
    }
}
