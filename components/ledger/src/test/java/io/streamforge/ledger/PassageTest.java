package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.ledger.Passage.Statement;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.Schemas;
import io.streamforge.model.testing.TestRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a sink states holds under everything that may happen to it, and a position that moved without a write shows. */
class PassageTest {

    private static final Duration INTERVAL = Duration.ofSeconds(20);

    private final TestRegistry registry = new TestRegistry();
    private final int ledgerId = registry.idFor(Topics.LEDGER, Schemas.LEDGER);
    private final Decoder decoder = new Decoder(registry);

    /** One partition of a topic, a sink that reads it as the backbone would let it, and the sink's system. */
    private final class Plant {
        final TreeSet<Long> records = new TreeSet<>();
        final Set<Long> poison = new HashSet<>();
        final List<Ledger> ledger = new ArrayList<>();
        final List<Ledger> uncommitted = new ArrayList<>();
        final Set<Long> refused = new HashSet<>();
        /** What the sink's system holds, and up to where it knows that it does. */
        final Set<Long> rows = new HashSet<>();

        long rowsUpTo;
        long begin;
        long next;
        long committed;
        Batch.@Nullable Note note;
        Batch.@Nullable Note committedNote;
        boolean fresh = true;
        Instant now = Stream.START;
        Deliveries deliveries = started();

        Plant(Random random) {
            long offset = random.nextInt(3);
            for (int i = 0; i < 100; i++) {
                records.add(offset);
                if (random.nextInt(20) == 0) {
                    poison.add(offset);
                }
                // Offsets without a record: the markers of transactions.
                offset += random.nextInt(4) == 0 ? 2 : 1;
            }
        }

        Deliveries started() {
            return new Deliveries("gw-1", INTERVAL, ledgerId, new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            });
        }

        /** Delivers records up to the first that the system refuses, which is put aside by itself. */
        void read(int most) {
            List<Long> batch = new ArrayList<>();
            for (long offset : records.tailSet(next)) {
                if (batch.size() == most || poison.contains(offset) && offset >= rowsUpTo) {
                    break;
                }
                batch.add(offset);
            }
            deliver(batch);
            if (batch.size() < most && !records.tailSet(next).isEmpty()) {
                commit();
                refused.add(records.tailSet(next).first());
                next = records.tailSet(next).first() + 1;
                commit();
            }
        }

        void deliver(List<Long> offsets) {
            Batch in = Batch.input("telemetry.clean", "t1", false, fresh ? List.of(0) : List.of());
            if (fresh && note != null) {
                in.note(0, note.warmOffset(), note.watermarkMicros());
            }
            fresh = false;
            for (long offset : offsets) {
                in.add(new byte[0], new byte[0], 0, offset);
                if (offset >= rowsUpTo) {
                    rows.add(offset);
                    rowsUpTo = offset + 1;
                }
                next = offset + 1;
            }
            if (!offsets.isEmpty()) {
                in.accepted(0, offsets.size());
            }
            Batch out = deliveries.count("sink.plant", in);
            for (int i = 0; i < out.size(); i++) {
                uncommitted.add(decoder.ledger(out.value(i)));
            }
            note = in.notes().getOrDefault(0, note);
        }

        void commit() {
            ledger.addAll(uncommitted);
            uncommitted.clear();
            committed = next;
            committedNote = note;
        }

        void kill() {
            uncommitted.clear();
            next = committed;
            note = committedNote;
            fresh = true;
            deliveries = started();
        }

        /** Somebody sets the group's position by hand while the sink is stopped. */
        void move(long to) {
            commit();
            committed = to;
            committedNote = null;
            kill();
        }

        Passage proof() {
            Passage passage = new Passage(
                    begin,
                    committed,
                    committedNote,
                    ledger.stream()
                            .map(entry -> new Statement(entry.first(), entry.last(), entry.count()))
                            .toList(),
                    refused);
            records.tailSet(begin).forEach(passage::record);
            return passage;
        }

        void live(Random random, int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(6)) {
                    case 0 -> commit();
                    case 1 -> kill();
                    case 2 -> now = now.plusSeconds(random.nextInt(30));
                    case 3 -> deliver(List.of());
                    default -> read(1 + random.nextInt(10));
                }
            }
        }
    }

    private static long missing(Passage passage) {
        return passage.inScope() - passage.delivered() - passage.pending() - passage.dead() - passage.evicted();
    }

    @Property(tries = 500)
    void killsNeitherLoseNorDoubleWhatASinkStated(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        plant.live(random, random.nextInt(60));

        Passage passage = plant.proof();
        assertThat(missing(passage)).isZero();
        assertThat(passage.repeated()).isZero();
        assertThat(passage.evicted()).isZero();
        assertThat(passage.delivered())
                .isEqualTo(plant.rows.stream()
                        .filter(offset -> offset < plant.committed)
                        .count());
    }

    @Property(tries = 500)
    void recordsThatThePositionPassedWithoutAWriteAreMissing(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        plant.live(random, random.nextInt(40));
        plant.commit();
        Batch.Note note = plant.committedNote;
        long unstated = note == null ? 0 : note.watermarkMicros();
        long skipped = Math.min(
                1 + random.nextInt(10), plant.records.tailSet(plant.next).size());
        long to = plant.records.tailSet(plant.next).stream()
                .skip(skipped)
                .findFirst()
                .orElse(plant.records.last() + 1);
        plant.move(to);
        plant.live(random, random.nextInt(20));

        assertThat(missing(plant.proof()))
                .as("what was skipped, and what the note that was overwritten still held")
                .isEqualTo(skipped + unstated);
    }

    @Property(tries = 500)
    void aPositionThatWasMovedBackRepeatsAndLosesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        plant.live(random, random.nextInt(40));
        plant.move(0);
        for (int i = 0; i < 20; i++) {
            plant.read(10);
        }
        plant.commit();

        assertThat(missing(plant.proof())).isZero();
    }

    @Property(tries = 500)
    void whatWasDeletedBeforeItWasDeliveredIsEvicted(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        plant.live(random, random.nextInt(40));
        plant.commit();
        plant.begin = plant.committed + random.nextInt(20);

        Passage passage = plant.proof();
        assertThat(missing(passage)).isZero();
        assertThat(passage.evicted()).isEqualTo(plant.begin - plant.committed);
    }

    @Property(tries = 500)
    void whatWasDeletedAfterItWasDeliveredLeavesTheRestBalanced(@ForAll long seed) {
        Random random = new Random(seed);
        Plant plant = new Plant(random);
        plant.live(random, random.nextInt(60));
        plant.begin = plant.committed == 0 ? 0 : random.nextLong(plant.committed + 1);

        Passage passage = plant.proof();
        assertThat(missing(passage)).isZero();
        assertThat(passage.evicted()).isZero();
    }

    @Test
    void evictedStaysNamedWhenAPersonHasLetTheSinkGoOn() {
        Passage passage = new Passage(
                10, 20, new Batch.Note(18, 2), List.of(new Statement(0, 5, 6), new Statement(10, 17, 8)), Set.of());
        for (long offset = 10; offset < 25; offset++) {
            passage.record(offset);
        }
        assertThat(passage.evicted()).isEqualTo(4);
        assertThat(passage.delivered()).isEqualTo(10);
        assertThat(passage.pending()).isEqualTo(5);
        assertThat(missing(passage)).isZero();
    }

    @Test
    void aSinkThatStatesLessThanItsPositionPassedIsMissingTheRest() {
        Passage passage = new Passage(0, 10, new Batch.Note(8, 2), List.of(new Statement(0, 7, 6)), Set.of());
        for (long offset = 0; offset < 10; offset++) {
            passage.record(offset);
        }
        assertThat(missing(passage)).isEqualTo(2);
    }

    @Test
    void namesTheSinkItsTopicAndThePartitionInTheMinuteOfTheStatement() {
        Plant plant = new Plant(new Random(1));
        plant.poison.clear();
        plant.read(7);
        plant.now = plant.now.plus(INTERVAL);
        plant.deliver(List.of());
        assertThat(plant.uncommitted).singleElement().satisfies(entry -> {
            assertThat(entry.kind()).isEqualTo(Kind.DELIVERED);
            assertThat(entry.stage()).isEqualTo("sink.plant");
            assertThat(entry.topic()).isEqualTo("telemetry.clean");
            assertThat(entry.partition()).isZero();
            assertThat(entry.count()).isEqualTo(7);
            assertThat(entry.first()).isEqualTo(plant.records.first());
            assertThat(entry.last()).isEqualTo(plant.next - 1);
            assertThat(entry.minute()).isEqualTo(Stream.START);
        });
    }
}
