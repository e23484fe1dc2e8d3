package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Batch.Note;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionTest {

    private final Partition partition = new Partition(new TopicPartition("telemetry.raw", 0));

    @Test
    void commitsOnlyWhatWasDelivered() {
        partition.place(new Positions.Start(100, null, 100, 0));
        assertThat(partition.changed()).isFalse();
        partition.offer(100, 110);
        assertThat(partition.changed()).isFalse();
        partition.delivered();
        assertThat(partition.changed()).isTrue();
        assertThat(partition.toCommit().offset()).isEqualTo(110);
    }

    @Test
    void commitsAChangedNoteWithoutProgress() {
        partition.place(new Positions.Start(100, new Note(90, 1), 100, 0));
        partition.noted(new Note(95, 2));
        assertThat(partition.changed()).isTrue();
        assertThat(partition.toCommit().metadata()).isEqualTo("warm=95;wm=2");
    }

    @Test
    void movesNoOffsetWhileItWarmsUp() {
        partition.place(new Positions.Start(100, new Note(90, 1), 90, 0));
        assertThat(partition.warming()).isTrue();
        partition.offer(90, 100);
        partition.delivered();
        assertThat(partition.changed()).isFalse();
    }

    @Test
    void forgetsWhatWasNotCommitted() {
        partition.place(new Positions.Start(100, null, 100, 0));
        partition.offer(100, 110);
        partition.delivered();
        partition.rewound();
        assertThat(partition.changed()).isFalse();
    }

    @Test
    void putsARecordAsideThatWasRefusedAloneThreeTimes() {
        partition.place(new Positions.Start(104, null, 104, 0));
        // Three times to fall under suspicion, three times alone.
        refuse(104, 105, 5);
        assertThat(partition.poison(104)).isNull();
        refuse(104, 105, 1);
        assertThat(partition.poison(104)).isEqualTo(new Partition.Poison("refused", 3));
    }

    @Test
    void triesTheRecordsBeforeASuspectTogether() {
        partition.place(new Positions.Start(100, null, 100, 0));
        refuse(100, 104, 3);
        assertThat(partition.border(100)).isEqualTo(104);
        refuse(100, 104, 1);
        assertThat(partition.border(100)).isEqualTo(102);
        partition.offer(100, 102);
        partition.delivered();
        partition.committed();
        assertThat(partition.border(102)).isEqualTo(103);
    }

    @Test
    void putsNothingAsideWhileItMustNot() {
        partition.place(new Positions.Start(104, null, 104, 0));
        for (int i = 0; i < 9; i++) {
            partition.offer(104, 105);
            partition.refused();
            assertThat(partition.narrow("refused", false)).isFalse();
            partition.rewound();
        }
        assertThat(partition.poison(104)).isNull();
        assertThat(partition.isolated(104)).isTrue();
    }

    @Test
    void isInDoubtUntilItsOwnRecordsWentThrough() {
        partition.place(new Positions.Start(104, null, 104, 0));
        refuse(104, 110, 1);
        partition.committed();
        assertThat(partition.inDoubt()).isTrue();
        partition.offer(104, 110);
        partition.delivered();
        partition.committed();
        assertThat(partition.inDoubt()).isFalse();
    }

    @Test
    void isolatesOnlyWhatIsAheadOfIt() {
        partition.place(new Positions.Start(104, null, 104, 0));
        refuse(104, 105, 6);
        assertThat(partition.isolated(104)).isTrue();
        assertThat(partition.isolated(105)).isFalse();
    }

    private void refuse(long from, long upTo, int times) {
        for (int i = 0; i < times; i++) {
            partition.offer(from, upTo);
            partition.refused();
            partition.narrow("refused", true);
            partition.rewound();
        }
    }
}
