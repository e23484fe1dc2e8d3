package io.streamforge.validate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamforge.model.Alarm;
import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A validator on a stream of one partition that can be restarted, as the backbone does it, and everything it ever gave out. */
final class Probe {

    static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    static final String ASSET = "press-07";
    static final String PARAMETER = "temperature";
    static final Origin ORIGIN = new Origin("gw-1", "press-line", "modbus-tcp-source@1", 7, 3);

    final List<Reading> clean = new ArrayList<>();
    final List<DeadLetter> dead = new ArrayList<>();
    final List<Alarm> alarms = new ArrayList<>();
    final List<Ledger> ledger = new ArrayList<>();

    private final TestRegistry registry = new TestRegistry();
    private final Validator.SchemaIds ids = new Validator.SchemaIds(
            registry.idFor("telemetry.clean", Schemas.READING),
            registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER),
            registry.idFor("alarms.raw", Schemas.ALARM),
            registry.idFor("audit.ledger", Schemas.LEDGER));
    private final ReadingCodec codec = new ReadingCodec(ids.reading());
    private final Decoder decoder = new Decoder(registry);
    private final List<byte[]> topic = new ArrayList<>();
    private final MovableClock clock = new MovableClock();
    private Validator validator;
    private int next;
    private Batch.@Nullable Note note;
    private boolean forgotten = true;

    Probe(String rules) {
        validator = made(rules);
    }

    private Validator made(String rules) {
        return new Validator("validate.telemetry", "gw-1", RulesTest.rules(rules), decoder, ids, clock);
    }

    /** Appends readings to the stream and validates them in one batch. */
    Probe take(Reading... readings) {
        for (Reading reading : readings) {
            topic.add(codec.encode(reading));
        }
        return run(next, topic.size(), false);
    }

    /** Time passes and nothing comes; the clock is asked in steps as the backbone's tick does. */
    Probe wait(Duration duration) {
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plusMillis(500)) {
            clock.now = clock.now.plusMillis(500);
            run(next, next, false);
        }
        return this;
    }

    /** The process is stopped for so long and goes on with the next call. */
    Probe freeze(Duration duration) {
        clock.now = clock.now.plus(duration);
        return run(next, next, false);
    }

    /** The partition goes to another process and comes back: the same validator must begin anew with it. */
    Probe rebalance() {
        forgotten = true;
        return rewarmed();
    }

    /** A new route with these rules goes on where the last commit was, after it has re-read what the note asks for. */
    Probe restart(String rules) {
        validator = made(rules);
        forgotten = true;
        return rewarmed();
    }

    private Probe rewarmed() {
        if (note != null && note.warmOffset() < next) {
            run((int) note.warmOffset(), next, true);
        }
        return this;
    }

    private Probe run(int from, int to, boolean warmUp) {
        Batch in = Batch.input("telemetry.raw", "t1", warmUp, forgotten ? List.of(0) : List.of());
        if (forgotten && note != null) {
            in.note(0, note);
        }
        forgotten = false;
        for (int offset = from; offset < to; offset++) {
            in.add(ASSET.getBytes(UTF_8), topic.get(offset), 0, offset);
        }
        Validator.Outcome outcome = validator.validate(in);
        decode(outcome.clean(), decoder::reading, clean);
        decode(outcome.dead(), decoder::deadLetter, dead);
        decode(outcome.alarms(), decoder::alarm, alarms);
        decode(outcome.ledger(), decoder::ledger, ledger);
        next = to;
        if (!warmUp) {
            note = in.notes().get(0);
        }
        return this;
    }

    private static <T> void decode(Batch batch, Function<byte[], T> decode, List<T> into) {
        for (int i = 0; i < batch.size(); i++) {
            into.add(decode.apply(batch.value(i)));
        }
    }

    int seriesCount() {
        return validator.seriesCount();
    }

    /** From where the stream is re-read after a restart. */
    long warmOffset() {
        return note == null ? 0 : note.warmOffset();
    }

    /** The quality of the last clean reading. */
    Quality verdict() {
        return last().quality();
    }

    /** The reason of the last clean reading. */
    @Nullable
    String reason() {
        return last().qualityReason();
    }

    Reading last() {
        return clean.get(clean.size() - 1);
    }

    /** Those of the clean readings that stand in for something missing. */
    List<Reading> gaps() {
        return clean.stream()
                .filter(reading -> reading.value() == null
                        && reading.qualityReason() != null
                        && reading.qualityReason().startsWith("gap: "))
                .toList();
    }

    /** A reading of so many milliseconds after the start, without a device clock. */
    static Reading at(long ms, @Nullable Value value) {
        return at(ms, value, PARAMETER);
    }

    static Reading at(long ms, @Nullable Value value, String parameter) {
        return reading(parameter, value, "Cel", null, START.plusMillis(ms), Quality.GOOD, null, ms);
    }

    static Reading at(long ms, double value) {
        return at(ms, new Value.Real(value));
    }

    /** A reading whose device's clock says so many milliseconds after the start and the gateway's so many. */
    static Reading device(long deviceMs, long gatewayMs, double value) {
        return reading(
                PARAMETER,
                new Value.Real(value),
                "Cel",
                START.plusMillis(deviceMs),
                START.plusMillis(gatewayMs),
                Quality.GOOD,
                null,
                gatewayMs);
    }

    static Reading unit(Reading reading, String unit) {
        return reading(
                reading.parameter(),
                reading.value(),
                unit,
                reading.deviceTime(),
                reading.gatewayTime(),
                reading.quality(),
                reading.qualityReason(),
                reading.sequence());
    }

    static Reading quality(Reading reading, Quality quality, String reason) {
        return reading(
                reading.parameter(),
                reading.value(),
                reading.unit(),
                reading.deviceTime(),
                reading.gatewayTime(),
                quality,
                reason,
                reading.sequence());
    }

    private static Reading reading(
            String parameter,
            @Nullable Value value,
            String unit,
            @Nullable Instant deviceTime,
            Instant gatewayTime,
            Quality quality,
            @Nullable String reason,
            long sequence) {
        return new Reading(
                value,
                quality,
                ASSET,
                parameter,
                unit,
                Classification.TELEMETRY,
                deviceTime,
                gatewayTime,
                deviceTime == null ? TimeSource.GATEWAY : TimeSource.DEVICE,
                null,
                reason,
                sequence,
                ORIGIN);
    }

    private static final class MovableClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
