package io.streamforge.it.bench.codec;

import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.ReadingView;
import io.streamforge.model.Sample;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One reading through the binary path and through Avro's generic reader and writer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "-Xmx256m")
public class Codecs {

    private static final int SCHEMA_ID = 7;
    /** Length of the frame before the Avro body: the Confluent wire format's zero byte and id. */
    private static final int FRAME = 5;

    private static final Instant GATEWAY_TIME = Instant.parse("2026-11-20T00:00:00.123456Z");

    private final byte[] framed = reading(null);
    private final byte[] withDeviceTime = reading(GATEWAY_TIME.minusMillis(40));
    private final ReadingView view = new ReadingView(SCHEMA_ID);
    private final GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Schemas.READING);
    private final GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(Schemas.READING);

    private static byte[] reading(@Nullable Instant deviceTime) {
        return new ReadingCodec(SCHEMA_ID)
                .encode(
                        new Sample(
                                null,
                                "temperature",
                                new Value.Real(24.1),
                                "Cel",
                                Classification.TELEMETRY,
                                Quality.GOOD,
                                null,
                                deviceTime,
                                GATEWAY_TIME),
                        "press-07",
                        new Origin("gw-north-1", "press-07", "modbus-tcp-source@1", 7, 3),
                        123_456);
    }

    /** Everything that a stage asks of a reading that passes. */
    @Benchmark
    public double read() {
        return read(framed);
    }

    /** The same of one whose device has a clock: it states its skew. */
    @Benchmark
    public double readDevice() {
        double sum = read(withDeviceTime);
        return view.hasClockSkew() ? sum + view.skewMs() : sum;
    }

    private double read(byte[] record) {
        if (!view.wrap(record)) {
            throw new IllegalStateException("The record's schema id is another.");
        }
        return view.doubleValue()
                + view.quality().ordinal()
                + view.assetOffset()
                + view.parameterOffset()
                + view.timeMicros()
                + view.gatewayTimeMicros()
                + view.sequence();
    }

    /** The same with another verdict: a new record. */
    @Benchmark
    public byte[] patch() {
        if (!view.wrap(framed)) {
            throw new IllegalStateException("The record's schema id is another.");
        }
        return view.withQuality(Quality.SUSPECT, null, null);
    }

    /** What both replace: decode and encode. */
    @Benchmark
    public byte[] avro() throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(framed, FRAME, framed.length - FRAME, null);
        GenericRecord reading = reader.read(null, decoder);
        ByteArrayOutputStream out = new ByteArrayOutputStream(framed.length);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(reading, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
