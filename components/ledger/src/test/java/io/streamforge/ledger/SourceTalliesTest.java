package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Loss;
import io.streamforge.model.Schemas;
import io.streamforge.model.testing.TestRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever becomes of transactions and of the route: each loss is in the stream once. */
class SourceTalliesTest {

    private static final Settings SETTINGS =
            new Settings("ledger.gateway", "gw-1", Duration.ofSeconds(20), Duration.ofHours(1));

    private final TestRegistry registry = new TestRegistry();
    private final LedgerCodec codec = new LedgerCodec(registry.idFor(Topics.LEDGER, Schemas.LEDGER));
    private final Decoder decoder = new Decoder(registry);

    private final SourceTallies tallies = new SourceTallies();
    private final Map<Loss, Long> lost = new EnumMap<>(Loss.class);
    private Instant now = Stream.START;
    private final List<Runnable> transaction = new ArrayList<>();
    private boolean forgotten = true;

    @Property(tries = 300)
    void abortsAndRestartsOfTheRouteChangeNoSum(@ForAll long seed) {
        new SourceTalliesTest().run(new Random(seed));
    }

    private void run(Random random) {
        long inStream = 0;
        long underWay = 0;
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(7)) {
                case 0 -> {
                    inStream += underWay;
                    underWay = 0;
                    commit();
                }
                case 1 -> {
                    underWay = 0;
                    transaction.clear();
                    forgotten = true;
                }
                case 2 -> {
                    inStream += underWay;
                    underWay = 0;
                    commit();
                    forgotten = true;
                }
                case 3 -> now = now.plusSeconds(random.nextInt(7));
                case 4, 5 -> lost.merge(Loss.values()[random.nextInt(Loss.values().length)], 1L, Long::sum);
                default -> underWay += tick();
            }
        }
        inStream += underWay;
        commit();
        now = now.plusSeconds(5);
        assertThat(inStream + tick())
                .isEqualTo(lost.values().stream().mapToLong(Long::longValue).sum());
    }

    @Test
    void whatIsLostAfterAQuietTimeIsEnteredAtOnceAndMoreOfItFiveSecondsLater() {
        lost.put(Loss.QOS0_STREAM_SLOW, 2L);
        assertThat(tick()).isEqualTo(2);
        commit();
        lost.put(Loss.QOS0_STREAM_SLOW, 5L);
        now = now.plusMillis(4_999);
        assertThat(tick()).isZero();
        assertThat(tallies.rest(Map.of("a", lost))).isEqualTo(Map.of("a", Map.of(Loss.QOS0_STREAM_SLOW, 3L)));
        now = now.plusMillis(1);
        assertThat(tick()).isEqualTo(3);
        commit();
        assertThat(tallies.rest(Map.of("a", lost))).isEmpty();
    }

    private void commit() {
        transaction.forEach(Runnable::run);
        transaction.clear();
    }

    /** How many losses go out with it. */
    private long tick() {
        Batch in = Batch.input(Topics.RAW, "t1", false, forgotten ? List.of(0) : List.of());
        forgotten = false;
        Batch out = Batch.output();
        tallies.write(SETTINGS, codec, Map.of("a", lost), in, now, out);
        Runnable told = in.whenCommitted();
        if (told != null) {
            transaction.add(told);
        }
        long count = 0;
        for (int i = 0; i < out.size(); i++) {
            count += decoder.ledger(out.value(i)).count();
        }
        return count;
    }
}
