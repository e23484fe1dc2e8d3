package io.streamforge.ledger;

import static io.streamforge.ledger.Stream.START;
import static io.streamforge.ledger.Stream.judged;
import static io.streamforge.ledger.Stream.reading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class BookkeeperTest {

    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "m@1", 7, 3);

    private final Stream stream = new Stream();

    @Test
    void countsByMinuteOfGatewayTimeWithTheOffsetsItCounted() {
        stream.write(Topics.RAW, reading(0, 0));
        stream.write(Topics.RAW, reading(1, 59_999));
        stream.write(Topics.RAW, reading(2, 60_000));
        stream.settle();

        assertThat(stream.ledger)
                .containsExactly(
                        entry(Kind.READ, "temperature", START, 2, 0, 1),
                        entry(Kind.READ, "temperature", START.plus(1, ChronoUnit.MINUTES), 1, 2, 2));
    }

    @Test
    void waitsForTheIntervalAndWritesOnce() {
        stream.write(Topics.RAW, reading(0, 0));
        stream.read(Topics.RAW, 1);
        stream.now = START.plusMillis(19_999);
        stream.read(Topics.RAW, 0);
        stream.commit();
        assertThat(stream.ledger).isEmpty();

        stream.now = START.plusSeconds(20);
        stream.read(Topics.RAW, 0);
        stream.now = START.plusSeconds(90);
        stream.read(Topics.RAW, 0);
        stream.commit();
        assertThat(stream.ledger).containsExactly(entry(Kind.READ, "temperature", START, 1, 0, 0));
    }

    @Test
    void tellsGapMarkersAndApprovedReadingsFromOthers() {
        stream.write(Topics.CLEAN, reading(0, 0));
        stream.write(Topics.CLEAN, judged(reading(1, 0), null, Quality.UNCERTAIN, "gap: no answer"));
        stream.write(Topics.CLEAN, judged(reading(2, 0), null, Quality.UNCERTAIN, "device: no value yet"));
        stream.write(Topics.CLEAN, judged(reading(3, 0), reading(3, 0).value(), Quality.UNCERTAIN, "gap: looks so"));
        stream.write(
                Topics.CLEAN, judged(reading(4, 0), reading(4, 0).value(), Quality.SUSPECT, "approved by ada: fine"));
        stream.settle();

        assertThat(stream.ledger)
                .containsExactly(
                        entry(Kind.CLEAN, "temperature", START, 5, 0, 4),
                        entry(Kind.SYNTHETIC, "temperature", START, 1, 1, 1),
                        entry(Kind.APPROVED, "temperature", START, 1, 4, 4));
    }

    @Test
    void countsDeadLettersByTheReadingInThem() {
        stream.refuse(Topics.DEAD, Topics.RAW, 7, stream.bytes(reading(0, 61_000)), "validate.telemetry");
        stream.refuse(Topics.SINK_DEAD, Topics.CLEAN, 8, stream.bytes(reading(1, 0)), "sink.historian");
        stream.settle();

        assertThat(stream.ledger)
                .containsExactlyInAnyOrder(
                        new Ledger(
                                Kind.DEAD,
                                "validate.telemetry",
                                "press-07",
                                "temperature",
                                START.plus(1, ChronoUnit.MINUTES),
                                1,
                                0,
                                0,
                                ORIGIN),
                        new Ledger(
                                Kind.SINK_DEAD, "sink.historian", "press-07", "temperature", START, 1, 0, 0, ORIGIN));
    }

    @Test
    void aDeadLetterOfALaterStageIsNoLossOfTheValidator() {
        stream.refuse(Topics.DEAD, Topics.CLEAN, 7, stream.bytes(reading(0, 0)), "aggregate.1s");
        stream.settle();
        assertThat(stream.ledger).isEmpty();
    }

    @Test
    void aLetterThatIsJudgedAgainAndRefusedAgainCountsOnBothSides() {
        stream.write(Topics.REPROCESS, reading(0, 0));
        stream.refuse(Topics.DEAD, Topics.REPROCESS, 0, stream.bytes(reading(0, 0)), "ledger.gateway");
        stream.settle();
        assertThat(stream.ledger)
                .containsExactlyInAnyOrder(
                        entry(Kind.REPROCESSED, "temperature", START, 1, 0, 0),
                        entry(Kind.DEAD, "temperature", START, 1, 0, 0));
    }

    @Test
    void whatCannotBeReadIsCountedWithoutASeries() {
        byte[] rubbish = {1, 2, 3};
        stream.write(Topics.RAW, rubbish);
        stream.write(Topics.RAW, rubbish);
        stream.refuse(Topics.DEAD, Topics.RAW, 0, rubbish, "validate.telemetry");
        stream.settle();

        Origin unknown = Origin.of("gw-1");
        assertThat(stream.ledger)
                .containsExactlyInAnyOrder(
                        new Ledger(Kind.READ, "ledger.gateway", "", "", Instant.EPOCH, 2, 0, 1, unknown),
                        new Ledger(Kind.DEAD, "validate.telemetry", "", "", Instant.EPOCH, 1, 0, 0, unknown));
    }

    @Test
    void aGapIsNamedAfterFiveSecondsWithEpochAndNumbers() {
        stream.write(Topics.RAW, reading(0, 0));
        stream.write(Topics.RAW, reading(5, 1_000));
        stream.read(Topics.RAW, 2);
        stream.now = START.plusSeconds(5);
        stream.read(Topics.RAW, 0);
        stream.commit();

        assertThat(stream.ledger)
                .contains(new Ledger(Kind.SEQUENCE_GAP, "ledger.gateway", "press-07", "", START, 4, 1, 4, ORIGIN));
    }

    @Test
    void theSameBatchAgainFillsAGapAndCountsAsRepeated() {
        stream.write(Topics.RAW, reading(0, 0));
        stream.write(Topics.RAW, reading(3, 0));
        for (int sequence = 0; sequence < 5; sequence++) {
            stream.write(Topics.RAW, reading(sequence, 0));
        }
        stream.settle();

        assertThat(stream.ledger)
                .containsExactly(
                        entry(Kind.READ, "temperature", START, 7, 0, 6),
                        entry(Kind.REPEATED, "temperature", START, 2, 2, 5));
    }

    @Test
    void aNewEpochBeginsAtZero() {
        stream.write(Topics.RAW, reading("a", 1, "press-07", "t", 41, 0));
        stream.write(Topics.RAW, reading("a", 2, "press-07", "t", 0, 0));
        stream.write(Topics.RAW, reading("a", 3, "press-07", "t", 2, 0));
        stream.settle();

        assertThat(stream.ledger)
                .filteredOn(entry -> entry.kind() == Kind.SEQUENCE_GAP)
                .containsExactly(new Ledger(
                        Kind.SEQUENCE_GAP,
                        "ledger.gateway",
                        "press-07",
                        "",
                        START,
                        2,
                        0,
                        1,
                        new Origin("gw-1", "a", "m@1", 7, 3)));
    }

    @Test
    void aGapAcrossARestartIsFoundAndOneFoundBeforeIsNotNamedAgain() {
        stream.write(Topics.RAW, reading("quiet", 1, "press-07", "t", 0, 0));
        stream.write(Topics.RAW, reading("press-07", 3, "press-07", "t", 0, 0));
        stream.write(Topics.RAW, reading("press-07", 3, "press-07", "t", 2, 0));
        stream.settle();
        stream.write(Topics.RAW, reading("press-07", 3, "press-07", "t", 3, 30_000));
        stream.settle();
        stream.ledger.clear();

        stream.kill(1);
        stream.write(Topics.RAW, reading("press-07", 3, "press-07", "t", 4, 60_000));
        stream.write(Topics.RAW, reading("quiet", 1, "press-07", "t", 2, 60_000));
        stream.settle();

        assertThat(stream.ledger)
                .filteredOn(entry -> entry.kind() == Kind.SEQUENCE_GAP)
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.origin().adapterId()).isEqualTo("quiet");
                    assertThat(gap.first()).isEqualTo(1);
                    assertThat(gap.last()).isEqualTo(1);
                });
    }

    @Test
    void anAssetThatWasSilentForLongerThanTheHorizonIsForgotten() {
        long later = Stream.HORIZON.toMillis() + 1;
        stream.write(Topics.RAW, reading("quiet", 1, "press-07", "t", 0, 0));
        stream.write(Topics.RAW, reading("press-07", 3, "press-07", "t", 0, later));
        stream.settle();
        stream.write(Topics.RAW, reading("quiet", 1, "press-07", "t", 2, later));
        stream.settle();

        assertThat(stream.ledger).noneMatch(entry -> entry.kind() == Kind.SEQUENCE_GAP);
    }

    @Test
    void aTimeOutsideTheCalendarHasNoMinute() {
        Reading future =
                reading("a", 1, "press-07", "t", 0, Duration.ofDays(3_000_000).toMillis());
        stream.write(Topics.RAW, future);
        stream.settle();
        assertThat(stream.ledger).singleElement().extracting(Ledger::minute).isEqualTo(Instant.EPOCH);
    }

    @Test
    void refusesATopicItCannotCount() {
        assertThatThrownBy(() -> {
                    stream.write("telemetry.1s", reading(0, 0));
                    stream.read("telemetry.1s", 1);
                })
                .hasMessage(
                        "Ledger 'ledger.gateway': topic must be one of [telemetry.raw, telemetry.reprocess, telemetry.clean,"
                                + " dlq.telemetry, dlq.sink], got 'telemetry.1s'.");
    }

    private static Ledger entry(Kind kind, String parameter, Instant minute, long count, long first, long last) {
        return new Ledger(kind, "ledger.gateway", "press-07", parameter, minute, count, first, last, ORIGIN);
    }
}
