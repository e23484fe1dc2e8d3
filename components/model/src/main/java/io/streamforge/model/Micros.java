package io.streamforge.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Avro's {@code timestamp-micros}: microseconds since 1970-01-01T00:00Z. */
final class Micros {

    private Micros() {}

    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    /** Gateway time less device time, in milliseconds; one that is too large to tell is the largest. */
    static long skewMs(long gatewayTime, long deviceTime) {
        long skew = gatewayTime - deviceTime;
        boolean overflown = ((gatewayTime ^ deviceTime) & (gatewayTime ^ skew)) < 0;
        return (overflown ? deviceTime < 0 ? Long.MAX_VALUE : Long.MIN_VALUE : skew) / 1_000;
    }

    static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
