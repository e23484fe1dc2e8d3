package io.streamforge.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.SchemaRegistry.RegistryUnavailableException;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidatorTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);
    private static final String RANGE = """
            [{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}},
             {"parameter":"counter","range":{"min":-9007199254740993,"max":9007199254740993}},
             {"parameter":"serial","required":true}]""";

    private final TestRegistry registry = new TestRegistry();
    private final int readingId = registry.idFor("telemetry.clean", Schemas.READING);
    private final int deadLetterId = registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER);
    private final int alarmId = registry.idFor("alarms.raw", Schemas.ALARM);
    private final int ledgerId = registry.idFor("audit.ledger", Schemas.LEDGER);
    private final ReadingCodec codec = new ReadingCodec(readingId);
    private final Decoder decoder = new Decoder(registry);
    private final Validator validator = new Validator(
            "validate.telemetry",
            "gw-1",
            RulesTest.rules(RANGE),
            decoder,
            new Validator.SchemaIds(readingId, deadLetterId, alarmId, ledgerId),
            Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aGoodReadingPassesAsTheVeryArrayItCameIn() {
        byte[] framed = codec.encode(reading("temperature", new Value.Real(24.1)));

        Validator.Outcome outcome = validate(framed);

        assertThat(outcome.clean().value(0)).isSameAs(framed);
        assertThat(outcome.clean().key(0)).isEqualTo("press-07".getBytes(UTF_8));
        assertThat(outcome.clean().offset(0)).isEqualTo(17);
        assertThat(outcome.dead().size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "-0.0, true",
        "-4.9E-324, false",
        "120, true",
        "120.00000000000001, false",
        "NaN, false",
        "Infinity, false",
        "-Infinity, false"
    })
    void limitsOfARealRangeAreIncluded(double value, boolean passes) {
        assertThat(passes(reading("temperature", new Value.Real(value)))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, true",
        "9007199254740994, false",
        "-9007199254740993, true",
        "-9007199254740994, false",
        "9223372036854775807, false"
    })
    void wholeNumbersAreComparedExactlyBeyondTheDoubles(long value, boolean passes) {
        assertThat(passes(reading("counter", new Value.Whole(value)))).isEqualTo(passes);
    }

    @Test
    void aWholeNumberIsHeldAgainstAFractionalLimit() {
        Range range = new Range(new BigDecimal("0.5"), new BigDecimal("2.5"));

        assertThat(List.of(range.allows(0L), range.allows(1L), range.allows(2L), range.allows(3L)))
                .containsExactly(false, true, true, false);
    }

    @Test
    void noWholeNumberIsInARangeBeyondTheLongs() {
        assertThat(new Range(new BigDecimal("1e30"), null).allows(Long.MAX_VALUE))
                .isFalse();
        assertThat(new Range(null, new BigDecimal("1e30")).allows(Long.MAX_VALUE))
                .isTrue();
        assertThat(new Range(null, new BigDecimal("-1e30")).allows(Long.MIN_VALUE))
                .isFalse();
    }

    @Test
    void aReadingOutOfRangeGoesToTheDeadLettersWithItsBytes() {
        byte[] framed = codec.encode(reading("temperature", new Value.Real(130.5)));

        Validator.Outcome outcome = validate(framed);

        assertThat(dead(outcome))
                .isEqualTo(new DeadLetter(
                        "telemetry.raw-4-17",
                        "telemetry.raw",
                        4,
                        17,
                        "validate.telemetry",
                        "RANGE",
                        "press-07/temperature: value must be between 0 and 120 Cel, got 130.5 Cel.",
                        NOW,
                        readingId,
                        ByteBuffer.wrap(framed),
                        1,
                        ORIGIN));
        assertThat(outcome.dead().key(0)).isEqualTo("press-07".getBytes(UTF_8));
    }

    @Test
    void aTextWhereARangeAsksForANumberIsRefused() {
        DeadLetter dead = dead(validate(codec.encode(reading("temperature", new Value.Text("hot")))));

        assertThat(dead.reasonCode()).isEqualTo("TYPE_MISMATCH");
        assertThat(dead.reason())
                .isEqualTo("press-07/temperature: value must be a number between 0 and 120, got a text.");
    }

    @Test
    void aFlagWhereARangeAsksForANumberIsRefused() {
        assertThat(dead(validate(codec.encode(reading("temperature", new Value.Flag(true)))))
                        .reason())
                .endsWith("got a flag.");
    }

    @Test
    void textsAndFlagsPassWhereNoRangeIsAsked() {
        assertThat(passes(reading("mode", new Value.Text("auto")))).isTrue();
        assertThat(passes(reading("running", new Value.Flag(false)))).isTrue();
    }

    @Test
    void aReadingThatClaimsGoodWithoutAValueIsRefused() {
        DeadLetter dead = dead(validate(codec.encode(reading("mode", null))));

        assertThat(dead.reasonCode()).isEqualTo("MISSING_VALUE");
        assertThat(dead.reason()).isEqualTo("press-07/mode: a value is required, got none.");
    }

    @Test
    void anUncertainReadingWithoutAValueIsRefusedOnlyWhereRequired() {
        assertThat(passes(reading("mode", null, Quality.UNCERTAIN, "late"))).isTrue();
        assertThat(passes(reading("serial", null, Quality.UNCERTAIN, "late"))).isFalse();
        assertThat(passes(reading("serial", new Value.Real(Double.NaN)))).isFalse();
        assertThat(passes(reading("serial", new Value.Real(1)))).isTrue();
    }

    @Test
    void emptyNamesAndAMissingTimeAreRefused() {
        Reading noParameter = reading("", new Value.Real(1));
        Reading noAsset = new Reading(
                new Value.Real(1),
                Quality.GOOD,
                "",
                "temperature",
                "",
                Classification.TELEMETRY,
                null,
                NOW,
                TimeSource.GATEWAY,
                null,
                null,
                0,
                ORIGIN);
        Reading noTime = at(reading("temperature", new Value.Real(1)), null, Instant.EPOCH, TimeSource.GATEWAY);

        for (Reading reading : List.of(noParameter, noAsset, noTime)) {
            assertThat(dead(validate(codec.encode(reading))).reasonCode()).isEqualTo("MISSING_FIELD");
        }
    }

    @Test
    void aDeviceFailureBecomesADeadLetterAndAGapMarkerOfTheSameIdentity() {
        byte[] framed = codec.encode(reading("temperature", null, Quality.BAD, "0x02 ILLEGAL_DATA_ADDRESS"));

        Validator.Outcome outcome = validate(framed);

        DeadLetter dead = dead(outcome);
        assertThat(dead.reasonCode()).isEqualTo("DEVICE_BAD");
        assertThat(dead.reason()).isEqualTo("0x02 ILLEGAL_DATA_ADDRESS");
        assertThat(dead.payload()).isEqualTo(ByteBuffer.wrap(framed));
        assertThat(decoder.reading(outcome.clean().value(0)))
                .isEqualTo(reading("temperature", null, Quality.UNCERTAIN, "gap: 0x02 ILLEGAL_DATA_ADDRESS"));
    }

    @Test
    void aBadValueNeverReachesTheCleanTopicEvenIfItLooksRight() {
        Validator.Outcome outcome =
                validate(codec.encode(reading("temperature", new Value.Real(24.1), Quality.BAD, "sensor failure")));

        assertThat(decoder.reading(outcome.clean().value(0)).value()).isNull();
        assertThat(outcome.dead().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"SUSPECT", "UNCERTAIN"})
    void theDevicesDoubtIsNeverTakenAway(Quality quality) {
        byte[] framed = codec.encode(reading("temperature", new Value.Real(24.1), quality, "substituted"));

        assertThat(validate(framed).clean().value(0)).isSameAs(framed);
    }

    @Test
    void theSkewOfADeviceClockIsNoted() {
        Reading early = at(reading("temperature", new Value.Real(1)), NOW.minusMillis(250), NOW, TimeSource.DEVICE);
        Reading late = at(reading("temperature", new Value.Real(1)), NOW.plusMillis(1500), NOW, TimeSource.DEVICE);

        assertThat(clean(early).clockSkewMs()).isEqualTo(250);
        assertThat(clean(late).clockSkewMs()).isEqualTo(-1500);
        assertThat(clean(early).quality()).isEqualTo(Quality.GOOD);
    }

    @Test
    void aSkewThatIsAlreadyNotedStays() {
        byte[] noted = validate(codec.encode(
                        at(reading("temperature", new Value.Real(1)), NOW.minusMillis(5), NOW, TimeSource.DEVICE)))
                .clean()
                .value(0);

        assertThat(validate(noted).clean().value(0)).isSameAs(noted);
    }

    @Test
    void aDeviceClockThatGaveNoTimeMakesTheReadingUncertain() {
        Reading reading = clean(at(reading("temperature", new Value.Real(1)), null, NOW, TimeSource.DEVICE));

        assertThat(reading.quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(reading.qualityReason()).isEqualTo("device_time: missing, gateway_time stands in");
    }

    @Test
    void undecodableBytesGoToTheDeadLettersAsTheyAre() {
        byte[] garbage = {0x7B, 0x22};
        byte[] unknown = {0, 0, 0, 0, 99, 1, 2};
        byte[] cut = java.util.Arrays.copyOf(codec.encode(reading("temperature", new Value.Real(1))), 30);

        assertThat(dead(validate(garbage)).reasonCode()).isEqualTo("BAD_FRAME");
        assertThat(dead(validate(garbage)).schemaId()).isNull();
        assertThat(dead(validate(garbage)).origin()).isEqualTo(Origin.of("gw-1"));
        assertThat(dead(validate(garbage)).payload()).isEqualTo(ByteBuffer.wrap(garbage));
        assertThat(dead(validate(unknown)).reasonCode()).isEqualTo("UNKNOWN_SCHEMA");
        assertThat(dead(validate(unknown)).schemaId()).isEqualTo(99);
        assertThat(dead(validate(cut)).reasonCode()).isEqualTo("TRUNCATED");
    }

    @Test
    void oneUndecodableRecordDoesNotTouchItsNeighbours() {
        Batch in = Batch.input("telemetry.raw", "t1", false, List.of());
        byte[] good = codec.encode(reading("temperature", new Value.Real(1)));
        in.add(new byte[0], good, 0, 0);
        in.add(new byte[0], new byte[] {1}, 0, 1);
        in.add(new byte[0], good, 0, 2);

        Validator.Outcome outcome = validator.validate(in);

        assertThat(outcome.clean().size()).isEqualTo(2);
        assertThat(outcome.dead().size()).isEqualTo(1);
        assertThat(outcome.dead().offset(0)).isEqualTo(1);
    }

    @Test
    void anUnavailableRegistryStopsTheBatchInsteadOfCondemningIt() {
        byte[] fromElsewhere = {0, (byte) 0xFF, 0, 0, 0, 1};

        assertThatThrownBy(() -> validate(fromElsewhere)).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void aRecordOfANewerSchemaPassesAsItIs() {
        Schema.Parser parser = new Schema.Parser();
        Schema newer = parser.parse(Schemas.READING
                .toString()
                .replaceFirst(
                        "\"fields\":\\[", "\"fields\":[{\"name\":\"batch_no\",\"type\":\"long\",\"default\":0},"));
        int newerId = registry.idFor("telemetry.raw", newer);
        byte[] old = codec.encode(reading("temperature", new Value.Real(24.1)));
        byte[] framed = new byte[old.length + 1];
        framed[4] = (byte) newerId;
        framed[5] = 84;
        System.arraycopy(old, 5, framed, 6, old.length - 5);

        assertThat(validate(framed).clean().value(0)).isSameAs(framed);
    }

    @Test
    void whatComesAgainIsJudgedByItself() {
        Validator comparing = new Validator(
                "validate.telemetry",
                "gw-1",
                RulesTest.rules("""
                        [{"range":{"max":100},"warning":{"max":50},"rate":{"maxPerSecond":1},"duplicates":{},
                          "gap":{"maxGapMs":1}}]"""),
                decoder,
                new Validator.SchemaIds(readingId, deadLetterId, alarmId, ledgerId),
                Clock.fixed(NOW, ZoneOffset.UTC));
        Reading skewed = at(reading("temperature", new Value.Real(1)), NOW.minusSeconds(60), NOW, TimeSource.DEVICE);
        Batch in = Batch.input("telemetry.reprocess", "t2", false, List.of(0));
        in.add(new byte[0], codec.encode(skewed), 0, 0);
        in.add(new byte[0], codec.encode(skewed), 0, 1);
        in.add(new byte[0], codec.encode(reading("temperature", new Value.Real(60))), 0, 2);
        in.add(new byte[0], codec.encode(reading("temperature", new Value.Real(101))), 0, 3);
        in.add(new byte[0], codec.encode(reading("temperature", null, Quality.BAD, "0x0B")), 0, 4);
        in.add(new byte[0], codec.encode(reading("", new Value.Real(1))), 0, 5);
        in.add(new byte[0], new byte[] {1}, 0, 6);

        Validator.Outcome outcome = comparing.validate(in);

        assertThat(outcome.clean().size()).isEqualTo(3);
        assertThat(decoder.reading(outcome.clean().value(0)).clockSkewMs()).isEqualTo(60_000);
        assertThat(decoder.reading(outcome.clean().value(2)).qualityReason()).startsWith("warning: ");
        assertThat(outcome.dead().size()).isEqualTo(4);
        assertThat(outcome.alarms().size()).isZero();
        assertThat(outcome.ledger().size()).isZero();
        assertThat(in.notes()).isEmpty();
        assertThat(comparing.seriesCount()).isZero();
    }

    private boolean passes(Reading reading) {
        Validator.Outcome outcome = validate(codec.encode(reading));
        return outcome.dead().size() == 0;
    }

    private Reading clean(Reading reading) {
        return decoder.reading(validate(codec.encode(reading)).clean().value(0));
    }

    private Validator.Outcome validate(byte[] framed) {
        Batch in = Batch.input("telemetry.raw", "t1", false, List.of());
        in.add("press-07".getBytes(UTF_8), framed, 4, 17);
        return validator.validate(in);
    }

    private DeadLetter dead(Validator.Outcome outcome) {
        assertThat(outcome.dead().size()).isEqualTo(1);
        return decoder.deadLetter(outcome.dead().value(0));
    }

    private static Reading reading(String parameter, @Nullable Value value) {
        return reading(parameter, value, Quality.GOOD, null);
    }

    private static Reading reading(String parameter, @Nullable Value value, Quality quality, @Nullable String reason) {
        return new Reading(
                value,
                quality,
                "press-07",
                parameter,
                "Cel",
                Classification.TELEMETRY,
                null,
                NOW,
                TimeSource.GATEWAY,
                null,
                reason,
                41,
                ORIGIN);
    }

    private static Reading at(Reading reading, @Nullable Instant deviceTime, Instant gatewayTime, TimeSource source) {
        return new Reading(
                reading.value(),
                reading.quality(),
                reading.assetId(),
                reading.parameter(),
                reading.unit(),
                reading.classification(),
                deviceTime,
                gatewayTime,
                source,
                null,
                reading.qualityReason(),
                reading.sequence(),
                reading.origin());
    }
}
