package io.streamforge.model;

import static io.streamforge.model.Examples.READING;
import static io.streamforge.model.Examples.READING_BYTES;
import static io.streamforge.model.Examples.READING_ID;
import static io.streamforge.model.Examples.SUSPECT_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadingViewTest {

    private final ReadingView view = new ReadingView(READING_ID);
    private final ReadingCodec codec = new ReadingCodec(READING_ID);

    @Test
    void readsGoldenReadingInPlace() {
        assertThat(view.wrap(READING_BYTES)).isTrue();
        assertThat(view.quality()).isEqualTo(Quality.GOOD);
        assertThat(view.valueKind()).isEqualTo(ValueKind.REAL);
        assertThat(view.doubleValue()).isEqualTo(24.1);
        assertThat(view.bytes()).isSameAs(READING_BYTES);
        assertThat(new String(view.bytes(), view.assetOffset(), view.assetLength(), StandardCharsets.UTF_8))
                .isEqualTo("press-07");
        assertThat(new String(view.bytes(), view.parameterOffset(), view.parameterLength(), StandardCharsets.UTF_8))
                .isEqualTo("temperature");
        assertThat(view.hasDeviceTime()).isFalse();
        assertThat(view.gatewayTimeMicros()).isEqualTo(1763683200123456L);
        assertThat(view.timeMicros()).isEqualTo(1763683200123456L);
        assertThat(view.timeSource()).isEqualTo(TimeSource.GATEWAY);
        assertThat(view.sequence()).isEqualTo(41);
        assertThat(view.gatewayId()).isEqualTo("gw-1");
        assertThat(view.adapterId()).isEqualTo("press-07");
        assertThat(view.revision()).isEqualTo(7);
        assertThat(view.epoch()).isEqualTo(3);
        assertThat(Arrays.copyOfRange(view.bytes(), view.originOffset(), view.adapterEnd()))
                .isEqualTo(Examples.hex("08 67 77 2d 31 10 70 72 65 73 73 2d 30 37"));
    }

    @Test
    void comparesTheReasonWithoutReadingIt() {
        view.wrap(READING_BYTES);
        assertThat(view.reasonStartsWith(new byte[0])).isFalse();
        view.wrap(SUSPECT_BYTES);
        assertThat(view.reasonStartsWith("range:".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(view.reasonStartsWith("range: warn".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(view.reasonStartsWith("range: warn!".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(view.reasonStartsWith("rate:".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void patchesTheVerdictAndNothingElse() {
        view.wrap(READING_BYTES);
        byte[] suspect = view.withQuality(Quality.SUSPECT, "range: warn", -250L);
        assertThat(suspect).isEqualTo(SUSPECT_BYTES);
        view.wrap(suspect);
        assertThat(view.withQuality(Quality.GOOD, null, null)).isEqualTo(READING_BYTES);
    }

    @Test
    void oneViewServesReadingsOfEveryShapeOneAfterAnother() {
        Random random = new Random(815);
        for (int i = 0; i < 2_000; i++) {
            Reading reading = CodecTest.randomReading(random);
            Reading verdict = CodecTest.randomReading(random);
            view.wrap(codec.encode(reading));
            assertThat(view.toReading()).isEqualTo(reading);
            view.wrap(view.withQuality(verdict.quality(), verdict.qualityReason(), verdict.clockSkewMs()));
            assertThat(view.toReading())
                    .isEqualTo(new Reading(
                            reading.value(),
                            verdict.quality(),
                            reading.assetId(),
                            reading.parameter(),
                            reading.unit(),
                            reading.classification(),
                            reading.deviceTime(),
                            reading.gatewayTime(),
                            reading.timeSource(),
                            verdict.clockSkewMs(),
                            verdict.qualityReason(),
                            reading.sequence(),
                            reading.origin()));
        }
    }

    @Test
    void leavesRecordsOfAnotherSchemaToAvro() {
        assertThat(new ReadingView(READING_ID + 1).wrap(READING_BYTES)).isFalse();
    }

    @Test
    void wholeNumberIsAlsoReadAsDouble() {
        view.wrap(codec.encode(withValue(new Value.Whole(-3))));
        assertThat(view.longValue()).isEqualTo(-3);
        assertThat(view.doubleValue()).isEqualTo(-3.0);
    }

    @Test
    void refusesToReadAValueAsWhatItIsNot() {
        view.wrap(codec.encode(withValue(new Value.Text("AUTO"))));
        assertThatThrownBy(view::doubleValue)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The reading's value is TEXT, not REAL.");
    }

    @Test
    void allocatesNothingToRead() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        int rounds = 10_000;
        byte[] record = READING_BYTES.clone();
        assertThat(readAll(record, rounds)).isEqualTo(rounds * 41L);
        long before = threads.getThreadAllocatedBytes(thread);
        long sum = readAll(record, rounds);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(sum).isEqualTo(rounds * 41L);
        assertThat(allocated).isLessThan(rounds);
    }

    private long readAll(byte[] record, int rounds) {
        long sum = 0;
        for (int i = 0; i < rounds; i++) {
            if (view.wrap(record) && view.quality() == Quality.GOOD && view.doubleValue() < 25) {
                sum += view.sequence() + view.deviceTimeMicros() + (view.assetLength() - 8);
            }
        }
        return sum;
    }

    private static Reading withValue(Value value) {
        return new Reading(
                value,
                READING.quality(),
                READING.assetId(),
                READING.parameter(),
                READING.unit(),
                READING.classification(),
                READING.deviceTime(),
                READING.gatewayTime(),
                READING.timeSource(),
                READING.clockSkewMs(),
                READING.qualityReason(),
                READING.sequence(),
                READING.origin());
    }
}
