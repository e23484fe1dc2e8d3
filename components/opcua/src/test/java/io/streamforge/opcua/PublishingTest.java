package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishingTest {

    /** OPC 10000-4 §5.14.1.1: after the largest number comes 1. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0",
        "1, 4, 3",
        "4, 1, -3",
        "4294967295, 1, 1",
        "4294967294, 2, 3",
        "1, 4294967295, -1",
        "2, 4294967294, -3"
    })
    void aSequenceNumberIsAheadOrBehindAcrossTheEndOfItsRange(long from, long to, long distance) {
        assertThat(Publishing.distance(from, to)).isEqualTo(distance);
    }
}
