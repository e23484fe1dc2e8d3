package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LossWordsTest {

    @Test
    void saysWhatAndWhy() {
        assertThat(LossWords.of("QOS0_STREAM_SLOW", 12))
                .isEqualTo("lost before the stream: 12 messages (QoS 0, the stream was slow)");
        assertThat(LossWords.of("OF_TOMORROW", 3)).isEqualTo("3 (OF_TOMORROW, which this version does not know)");
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void saysHowManyOfEach(Loss loss) {
        assertThat(LossWords.of(loss.name(), 47)).contains("47").doesNotContain("%");
    }
}
