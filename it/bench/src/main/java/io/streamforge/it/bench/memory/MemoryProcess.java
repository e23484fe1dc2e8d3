package io.streamforge.it.bench.memory;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;

/** The JVM under measurement: {@code MemoryProcess <series> <hours>}; says {@code live <at the start> <at most> <after each of the hours>}. */
public final class MemoryProcess {

    private static final int PARTITIONS = 12;
    private static final int PARAMETERS = 20;
    private static final int BATCH = 5_000;
    /** Before the first hour is over: from then on every series is read once a second. */
    private static final int DENSE_FROM = 3_510;

    /** Past the hour's end and what is held after it. */
    private static final int DENSE_TO = 3_700;

    /** Until then and so often, that every minute has a window of several readings. */
    private static final int SPARSE_EVERY = 20;

    private static final int LOOK_EVERY = 10;
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Origin ORIGIN = new Origin("gw-bench", "bench", "modbus-tcp-source@1", 1, 1);

    private final Stage validate;
    private final Stage second;
    private final Stage minute;
    private final Stage hour;
    private final ReadingCodec codec;
    private final int series;

    private MemoryProcess(DefaultCamelContext camel, SchemaRegistry registry, int series) throws Exception {
        this.series = series;
        this.codec = new ReadingCodec(registry.idFor("telemetry.raw", Schemas.READING));
        this.validate =
                new Stage(camel, "validate:validate.telemetry?gatewayId=gw-bench&rules=#bean:rules", "telemetry.raw");
        this.second = new Stage(
                camel,
                "aggregate:aggregate.1s?gatewayId=gw-bench&target=telemetry.1s&resolutionMs=1000",
                "telemetry.clean");
        this.minute = new Stage(
                camel,
                "aggregate:aggregate.1min?gatewayId=gw-bench&target=telemetry.1min&resolutionMs=60000&allowedLatenessMs=5000",
                "telemetry.1s");
        this.hour = new Stage(
                camel,
                "aggregate:aggregate.1hour?gatewayId=gw-bench&target=telemetry.1hour&resolutionMs=3600000&allowedLatenessMs=5000",
                "telemetry.1min");
    }

    public static void main(String[] arguments) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            SchemaRegistry registry = new Ids();
            camel.getRegistry().bind("schemaRegistry", registry);
            camel.getRegistry()
                    .bind(
                            "rules",
                            new ObjectMapper()
                                    .readTree(
                                            "[{\"asset\":\"press-*\",\"parameter\":\"*\",\"range\":{\"min\":0,\"max\":1000},"
                                                    + "\"rate\":{\"maxPerSecond\":1000}}]"));
            camel.start();
            MemoryProcess process = new MemoryProcess(camel, registry, Integer.parseInt(arguments[0]));
            long base = live();
            StringBuilder lives = new StringBuilder("live %d %d".formatted(base, process.hourWithPeak()));
            for (int hour = 2; hour < 2 + Integer.parseInt(arguments[1]); hour++) {
                lives.append(' ').append(process.hour(hour));
            }
            new PrintStream(System.out, true, StandardCharsets.UTF_8).println(lives);
        }
    }

    private long hourWithPeak() throws Exception {
        for (int elapsed = 0; elapsed < DENSE_FROM; elapsed += SPARSE_EVERY) {
            read(elapsed);
        }
        long peak = 0;
        for (int elapsed = DENSE_FROM; elapsed < DENSE_TO; elapsed++) {
            read(elapsed);
            if (elapsed % LOOK_EVERY == LOOK_EVERY - 1) {
                peak = Math.max(peak, live());
            }
        }
        return peak;
    }

    /** Every series is read once a minute; what lives at its end. */
    private long hour(int hour) throws Exception {
        for (int minute = 0; minute < 60; minute++) {
            read(Duration.ofHours(hour).plusMinutes(minute).toSeconds());
        }
        return live();
    }

    /** Every series is read once. */
    private void read(long elapsed) throws Exception {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        for (int each = 0; each < series; each++) {
            String asset = "press-" + each / PARAMETERS;
            Sample sample = new Sample(
                    null,
                    "parameter-" + each % PARAMETERS,
                    new Value.Real(((each * 31L + elapsed * 7) % 1000) / 10.0),
                    "Cel",
                    Classification.TELEMETRY,
                    Quality.GOOD,
                    null,
                    null,
                    START.plusSeconds(elapsed).plusNanos(each % 1000 * 1_000_000L / 2));
            keys.add(asset.getBytes(StandardCharsets.UTF_8));
            values.add(codec.encode(sample, asset, ORIGIN, elapsed * PARAMETERS + each % PARAMETERS));
            if (values.size() == BATCH || each == series - 1) {
                hour.process(minute.process(second.process(validate.process(validate.batch(keys, values)))));
                keys.clear();
                values.clear();
            }
        }
    }

    private static long live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** An endpoint as its route calls it, and the topic before it. */
    private static final class Stage {
        private final Producer producer;
        private final String topic;
        private final long[] offsets = new long[PARTITIONS];
        private boolean fresh = true;

        private Stage(DefaultCamelContext camel, String uri, String topic) throws Exception {
            this.producer = camel.getEndpoint(uri).createProducer();
            this.topic = topic;
            producer.start();
        }

        private Batch batch(List<byte[]> keys, List<byte[]> values) {
            List<Integer> assigned =
                    fresh ? IntStream.range(0, PARTITIONS).boxed().toList() : List.of();
            fresh = false;
            Batch batch = Batch.input(topic, topic, false, assigned);
            for (int i = 0; i < values.size(); i++) {
                int partition = Math.floorMod(new String(keys.get(i), StandardCharsets.UTF_8).hashCode(), PARTITIONS);
                batch.add(keys.get(i), values.get(i), partition, offsets[partition]++);
            }
            return batch;
        }

        private Batch process(Batch in) throws Exception {
            Batch batch = in.topic().equals(topic) ? in : batch(keys(in), values(in));
            Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
            exchange.getMessage().setBody(batch);
            producer.process(exchange);
            return exchange.getMessage().getMandatoryBody(Batch.class);
        }

        private static List<byte[]> keys(Batch batch) {
            return IntStream.range(0, batch.size()).mapToObj(batch::key).toList();
        }

        private static List<byte[]> values(Batch batch) {
            return IntStream.range(0, batch.size()).mapToObj(batch::value).toList();
        }
    }

    /** Ids without a registry. */
    private static final class Ids implements SchemaRegistry {
        private final List<Schema> schemas = new ArrayList<>();

        @Override
        public int idFor(String topic, Schema schema) {
            if (!schemas.contains(schema)) {
                schemas.add(schema);
            }
            return schemas.indexOf(schema);
        }

        @Override
        public Schema byId(int id) {
            return schemas.get(id);
        }
    }
}
