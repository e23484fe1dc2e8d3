package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Loss;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.testing.TestRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The proof holds for whatever validation did properly, and names exactly what somebody took away or put in. */
class ProofTest {

    private final TestRegistry registry = new TestRegistry();
    private final int readingId = registry.idFor(Topics.RAW, Schemas.READING);
    private final ReadingCodec codec = new ReadingCodec(readingId);

    /** What stands in the topics below one cut, and what newer records came of. */
    private final class Plant {
        final List<byte[]> raw = new ArrayList<>();
        final List<byte[]> clean = new ArrayList<>();
        final List<byte[]> dead = new ArrayList<>();
        final List<Ledger> dropped = new ArrayList<>();

        Plant(Random random) {
            Map<String, Long> next = new HashMap<>();
            int count = 1 + random.nextInt(150);
            int cut = random.nextInt(count) + 1;
            long epoch = 1;
            for (int i = 0; i < count; i++) {
                if (random.nextInt(60) == 0) {
                    epoch++;
                    next.clear();
                }
                String asset = "asset-" + random.nextInt(3);
                long sequence = next.merge(asset, 1L, Long::sum) - 1;
                Reading reading = Stream.reading("a", epoch, asset, "p" + random.nextInt(2), sequence, i * 2_000L);
                boolean below = i < cut;
                if (below) {
                    raw.add(codec.encode(reading));
                }
                switch (random.nextInt(6)) {
                    case 0 -> {
                        if (below) {
                            dead.add(codec.encode(reading));
                        }
                        clean.add(codec.encode(Stream.judged(reading, null, Quality.UNCERTAIN, "gap: no answer")));
                        if (below && random.nextBoolean()) {
                            clean.add(codec.encode(
                                    Stream.judged(reading, reading.value(), Quality.SUSPECT, "approved by ada")));
                        }
                    }
                    case 1 -> {
                        if (below) {
                            dropped.add(drop(reading, i));
                        }
                    }
                    default -> clean.add(codec.encode(reading));
                }
            }
        }

        Proof proof() {
            Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
            for (int i = 0; i < raw.size(); i++) {
                proof.raw(0, i, raw.get(i), true);
            }
            clean.forEach(proof::clean);
            dead.forEach(payload -> proof.dead(letter(payload)));
            dropped.forEach(proof::stated);
            return proof;
        }
    }

    private static Ledger drop(Reading reading, int offset) {
        return new Ledger(
                Kind.DUPLICATE_DROPPED,
                "validate.telemetry",
                reading.assetId(),
                reading.parameter(),
                Instant.ofEpochSecond(reading.gatewayTime().getEpochSecond() / 60 * 60),
                1,
                offset,
                offset,
                reading.origin());
    }

    private static io.streamforge.model.DeadLetter letter(byte[] payload) {
        return new io.streamforge.model.DeadLetter(
                "telemetry.raw-0-0",
                Topics.RAW,
                0,
                0,
                "validate.telemetry",
                "RANGE",
                "too hot",
                Instant.EPOCH,
                null,
                java.nio.ByteBuffer.wrap(payload),
                1,
                io.streamforge.model.Origin.of("gw-1"));
    }

    @Property(tries = 300)
    void whatValidationDidBalancesAtAnyCut(@ForAll long seed) {
        Plant plant = new Plant(new Random(seed));
        Proof proof = plant.proof();
        assertThat(proof.unbalanced()).isEmpty();
        assertThat(proof.gaps()).isEmpty();
        assertThat(proof.adapters().values().stream().mapToLong(Sums::read).sum())
                .isEqualTo(plant.raw.size());
    }

    @Property(tries = 300)
    void aReadingThatVanishedFromOrAppearedInAnyTopicIsNamedWithItsMinute(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        List<byte[]> results = new ArrayList<>(plant.dead);
        Decoder decoder = new Decoder(registry);
        Set<String> judged = new HashSet<>();
        plant.raw.forEach(record -> judged.add(identity(decoder.reading(record))));
        plant.clean.stream()
                .filter(record -> judged.contains(identity(decoder.reading(record)))
                        && decoder.reading(record).qualityReason() == null)
                .forEach(results::add);
        if (results.isEmpty()) {
            return;
        }
        byte[] touched = results.get(random.nextInt(results.size()));
        List<byte[]> topic = plant.dead.contains(touched) ? plant.dead : plant.clean;
        boolean lost = random.nextBoolean();
        if (lost) {
            topic.remove(touched);
        } else {
            topic.add(touched);
        }
        Collections.shuffle(plant.dead, random);

        Reading named = decoder.reading(touched);
        assertThat(plant.proof().unbalanced().entrySet()).singleElement().satisfies(entry -> {
            assertThat(entry.getKey().asset()).isEqualTo(named.assetId());
            assertThat(entry.getKey().parameter()).isEqualTo(named.parameter());
            assertThat(entry.getKey().at())
                    .isEqualTo(Instant.ofEpochSecond(named.gatewayTime().getEpochSecond() / 60 * 60));
            assertThat(entry.getValue().missing()).isEqualTo(lost ? 1 : -1);
        });
    }

    @Test
    void aNumberThatIsMissingIsNamedAlsoAtTheBeginning() {
        Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
        proof.raw(0, 0, codec.encode(Stream.reading("a", 1, "press", "t", 2, 0)), true);
        proof.raw(0, 1, codec.encode(Stream.reading("a", 1, "press", "t", 4, 0)), true);
        proof.raw(1, 7, codec.encode(Stream.reading("a", 1, "tank", "t", 9, 0)), false);
        assertThat(proof.gaps())
                .containsExactlyInAnyOrder(
                        new Proof.Gap(new Proof.Sender("gw-1", "a"), 1, "press", 0, 1, Stream.START),
                        new Proof.Gap(new Proof.Sender("gw-1", "a"), 1, "press", 3, 3, Stream.START));
    }

    @Test
    void aLetterThatWasJudgedAgainBalances() {
        Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
        byte[] reading = codec.encode(Stream.reading(0, 0));
        proof.raw(0, 0, reading, true);
        proof.dead(letter(reading));
        proof.reprocessed(reading);
        assertThat(proof.unbalanced()).hasSize(1);
        proof.clean(reading);
        assertThat(proof.unbalanced()).isEmpty();
    }

    @Test
    void whatAStageWroteAgainAfterARestartIsRepeatedAndNotLost() {
        Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
        byte[] kept = codec.encode(Stream.reading("a", 1, "press", "t", 0, 0));
        byte[] lost = codec.encode(Stream.reading("a", 1, "press", "t", 1, 60_000));
        proof.raw(0, 0, kept, true);
        proof.raw(0, 1, lost, true);
        proof.clean(kept);
        proof.clean(kept);
        assertThat(proof.unbalanced().values())
                .extracting(Sums::missing, Sums::verdict)
                .containsExactly(tuple(-1L, "repeated: at-least-once"), tuple(1L, "missing"));
    }

    @Test
    void lateReadingsAndWhatSourcesLostStandBesideTheSum() {
        Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
        Reading reading = Stream.reading(0, 0);
        proof.raw(0, 0, codec.encode(reading), true);
        proof.clean(codec.encode(reading));
        proof.stated(new Ledger(
                Kind.LATE,
                "aggregate.1s",
                reading.assetId(),
                reading.parameter(),
                Stream.START,
                1,
                0,
                0,
                reading.origin()));
        for (Loss loss : Loss.values()) {
            proof.stated(lost(loss, Stream.START, 1 + loss.ordinal()));
            proof.stated(lost(loss, Stream.START.plusSeconds(60), 100));
        }
        assertThat(proof.unbalanced()).isEmpty();
        assertThat(proof.adapters()).hasSize(1).allSatisfy((sender, sums) -> {
            assertThat(sums.late()).isEqualTo(1);
            assertThat(sums.pollFailed()).isEqualTo(101);
            assertThat(sums.pollSkipped()).isEqualTo(205);
            assertThat(sums.pollFailed() + sums.pollSkipped() + sums.lost() + sums.unmapped() + sums.turnedAway())
                    .isEqualTo(proof.losses(sender).values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
            for (Loss loss : Loss.values()) {
                assertThat(proof.losses(sender)).containsEntry(loss.name(), 101L + loss.ordinal());
            }
        });
    }

    @Test
    void whatSourcesLostIsToldOfTheMinutesThatWereAskedFor() {
        long minute = Fate.minute(Stream.START.getEpochSecond() * 1_000_000);
        Proof proof = new Proof(new Decoder(registry), readingId, minute, minute + 60_000_000);
        proof.stated(lost(Loss.QOS0_STREAM_SLOW, Stream.START.minusSeconds(60), 5));
        proof.stated(lost(Loss.QOS0_STREAM_SLOW, Stream.START, 7));
        proof.stated(lost(Loss.QOS0_STREAM_SLOW, Stream.START.plusSeconds(60), 9));
        assertThat(proof.adapters()).hasSize(1).allSatisfy((sender, sums) -> {
            assertThat(sums.lost()).isEqualTo(7);
            assertThat(proof.losses(sender)).isEqualTo(Map.of("QOS0_STREAM_SLOW", 7L));
        });
    }

    private static Ledger lost(Loss loss, Instant minute, long count) {
        return new Ledger(
                loss.kind(),
                "ledger.gateway",
                "",
                "",
                minute,
                count,
                1,
                count,
                Stream.reading(0, 0).origin(),
                "",
                -1,
                loss.name());
    }

    @Test
    void onlyMinutesThatWereAskedForAreProved() {
        long minute = Fate.minute(Stream.START.getEpochSecond() * 1_000_000);
        Proof proof = new Proof(new Decoder(registry), readingId, minute, minute + 60_000_000);
        proof.raw(0, 0, codec.encode(Stream.reading("a", 1, "press", "t", 0, -1)), true);
        proof.raw(0, 1, codec.encode(Stream.reading("a", 1, "press", "t", 1, 0)), true);
        proof.raw(0, 2, codec.encode(Stream.reading("a", 1, "press", "t", 2, 60_000)), true);
        assertThat(proof.unbalanced().keySet()).extracting(Proof.Cell::at).containsExactly(Stream.START);
    }

    @Test
    void whatCannotBeReadBalancesWithItsDeadLetter() {
        Proof proof = new Proof(new Decoder(registry), readingId, 0, Long.MAX_VALUE);
        proof.raw(0, 0, new byte[] {1, 2, 3}, true);
        proof.raw(0, 1, null, true);
        assertThat(proof.unbalanced().values())
                .singleElement()
                .extracting(Sums::missing)
                .isEqualTo(2L);
        proof.dead(letter(new byte[] {1, 2, 3}));
        proof.dead(letter(new byte[0]));
        assertThat(proof.unbalanced()).isEmpty();
    }

    private static String identity(Reading reading) {
        return "%s/%d/%d".formatted(reading.assetId(), reading.origin().epoch(), reading.sequence());
    }
}
