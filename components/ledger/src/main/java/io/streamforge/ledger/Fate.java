package io.streamforge.ledger;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingView;
import io.streamforge.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a record's own bytes say about how it got where it is. The stage and the proof of the sums share this and nothing else. */
final class Fate {

    /** How the validator's gap markers begin. */
    private static final byte[] GAP = "gap:".getBytes(StandardCharsets.UTF_8);

    /** How the reason of a reading begins that an operator let pass. */
    private static final byte[] APPROVED = "approved by ".getBytes(StandardCharsets.UTF_8);

    private static final long MINUTE_MICROS = 60_000_000L;
    private static final long LAST_MINUTE_MICROS = 253_402_300_740_000_000L;

    private Fate() {}

    /** SYNTHETIC, APPROVED, or CLEAN for a reading on {@code telemetry.clean} that came there from one raw record. */
    static Kind ofClean(ReadingView reading) {
        if (reading.valueKind() == ValueKind.NONE
                && reading.quality() == Quality.UNCERTAIN
                && reading.reasonStartsWith(GAP)) {
            return Kind.SYNTHETIC;
        }
        return reading.reasonStartsWith(APPROVED) ? Kind.APPROVED : Kind.CLEAN;
    }

    /** Whether validation refused it: not a later stage, after the reading was counted as clean. */
    static boolean byValidation(DeadLetter letter) {
        return letter.sourceTopic().equals(Topics.RAW) || letter.sourceTopic().equals(Topics.REPROCESS);
    }

    /** The minute of a gateway time, both in microseconds since the epoch; 0 for a time outside the years 1970 to 9999. */
    static long minute(long gatewayTimeMicros) {
        return gatewayTimeMicros < 0 || gatewayTimeMicros >= LAST_MINUTE_MICROS + MINUTE_MICROS
                ? 0
                : gatewayTimeMicros - gatewayTimeMicros % MINUTE_MICROS;
    }

    /** Gateway and adapter as they stand in the record: who counts the sequence. */
    static byte[] sender(ReadingView reading) {
        return Arrays.copyOfRange(reading.bytes(), reading.originOffset(), reading.adapterEnd());
    }
}
