package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens to the stage, what it wrote and committed adds up to what stands in the topics: every record once. */
class RestartTest {

    private record Cell(Kind kind, String asset, String parameter, Instant minute) {}

    @Property(tries = 300)
    void killsAbortsAndInterleavingChangeNoSum(@ForAll long seed) {
        Random random = new Random(seed);
        Stream stream = new Stream();
        Map<Cell, Long> truth = new HashMap<>();
        List<String> gaps = new ArrayList<>();
        fill(stream, random, truth, gaps);

        while (unread(stream) > 0) {
            switch (random.nextInt(8)) {
                case 0 -> stream.commit();
                case 1 -> stream.kill(1 + random.nextInt(20));
                case 2 -> stream.abort(1 + random.nextInt(20));
                case 3 -> stream.now = stream.now.plusSeconds(random.nextInt(15));
                default -> {
                    String topic = topics().get(random.nextInt(4));
                    stream.read(topic, random.nextInt(Math.min(stream.unread(topic), 20) + 1));
                }
            }
        }
        stream.settle();
        stream.kill(7);
        stream.settle();

        assertThat(sums(stream.ledger)).isEqualTo(truth);
        assertThat(stream.ledger.stream()
                        .filter(entry -> entry.kind() == Kind.SEQUENCE_GAP)
                        .map(RestartTest::gap))
                .containsExactlyInAnyOrderElementsOf(gaps);
    }

    private static void fill(Stream stream, Random random, Map<Cell, Long> truth, List<String> gaps) {
        Map<String, Long> next = new HashMap<>();
        long epoch = 1;
        int count = random.nextInt(200);
        for (int i = 0; i < count; i++) {
            String asset = "asset-" + random.nextInt(3);
            if (random.nextInt(50) == 0) {
                epoch++;
                next.clear();
            }
            boolean known = i > 0 && next.containsKey(asset);
            long sequence = next.getOrDefault(asset, 0L);
            if (known && random.nextInt(20) == 0) {
                gaps.add("%s %d %d-%d".formatted(asset, epoch, sequence, sequence + 1));
                sequence += 2;
            }
            next.put(asset, sequence + 1);
            long millis = i * 700L - (random.nextInt(10) == 0 ? 100_000 : 0);
            Reading reading = Stream.reading("a", epoch, asset, "p" + random.nextInt(2), sequence, millis);
            int offset = stream.write(Topics.RAW, reading);
            count(truth, Kind.READ, reading);
            switch (random.nextInt(10)) {
                case 0 -> {
                    stream.refuse(Topics.DEAD, Topics.RAW, offset, stream.bytes(reading), "validate.telemetry");
                    stream.write(Topics.CLEAN, Stream.judged(reading, null, Quality.UNCERTAIN, "gap: x"));
                    count(truth, Kind.DEAD, reading);
                    count(truth, Kind.CLEAN, reading);
                    count(truth, Kind.SYNTHETIC, reading);
                }
                case 1 -> {
                    stream.refuse(Topics.DEAD, Topics.RAW, offset, stream.bytes(reading), "validate.telemetry");
                    count(truth, Kind.DEAD, reading);
                }
                default -> {
                    int clean = stream.write(Topics.CLEAN, reading);
                    count(truth, Kind.CLEAN, reading);
                    if (random.nextInt(20) == 0) {
                        stream.refuse(Topics.SINK_DEAD, Topics.CLEAN, clean, stream.bytes(reading), "sink.historian");
                        count(truth, Kind.SINK_DEAD, reading);
                    }
                }
            }
        }
    }

    private static void count(Map<Cell, Long> truth, Kind kind, Reading reading) {
        long minute = Fate.minute(reading.gatewayTime().toEpochMilli() * 1000);
        truth.merge(
                new Cell(kind, reading.assetId(), reading.parameter(), Instant.ofEpochSecond(minute / 1_000_000)),
                1L,
                Long::sum);
    }

    private static Map<Cell, Long> sums(List<Ledger> entries) {
        Map<Cell, Long> sums = new HashMap<>();
        for (Ledger entry : entries) {
            if (entry.kind() != Kind.SEQUENCE_GAP) {
                sums.merge(
                        new Cell(entry.kind(), entry.assetId(), entry.parameter(), entry.minute()),
                        entry.count(),
                        Long::sum);
            }
        }
        return sums;
    }

    private static String gap(Ledger gap) {
        return "%s %d %d-%d".formatted(gap.assetId(), gap.origin().epoch(), gap.first(), gap.last());
    }

    private static List<String> topics() {
        return List.of(Topics.RAW, Topics.CLEAN, Topics.DEAD, Topics.SINK_DEAD);
    }

    private static int unread(Stream stream) {
        return topics().stream().mapToInt(stream::unread).sum();
    }
}
