package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.UnavailableException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {

    static Stream<Throwable> outages() {
        return Stream.of(
                new UnavailableException("The breaker is open.", null),
                new RuntimeException(new ConnectException("refused")),
                new RuntimeException(new TimeoutException()),
                new SQLException("connection lost", "08006"),
                new SQLException("no such table", "42P01"),
                new SQLException("unknown"),
                new NoClassDefFoundError("driver"),
                new KafkaException("the stream"));
    }

    static Stream<Throwable> faultsOfARecord() {
        return Stream.of(
                new IllegalArgumentException("bad value"),
                new SQLException("out of range", "22003"),
                new RuntimeException(new SQLException("not null", "23502")),
                new Output.SendFailedException(new RecordTooLargeException("2 MB")));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void doesNotBlameARecordForAnOutage(Throwable outage) {
        assertThat(Failures.canBeTheRecords(outage)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("faultsOfARecord")
    void suspectsARecordOtherwise(Throwable fault) {
        assertThat(Failures.canBeTheRecords(fault)).isTrue();
    }

    @Test
    void replacesAProducerOnlyAfterWhatItDoesNotSurvive() {
        assertThat(Failures.endsProducer(new ProducerFencedException("other"))).isTrue();
        assertThat(Failures.endsProducer(new OutOfOrderSequenceException("gap")))
                .isTrue();
        assertThat(Failures.endsProducer(new RecordTooLargeException("2 MB"))).isFalse();
        assertThat(Failures.endsProducer(new org.apache.kafka.common.errors.TimeoutException("slow")))
                .isFalse();
        assertThat(Failures.endsProducer(new IllegalStateException("a stage's")))
                .isFalse();
    }

    @Test
    void describesTheInnermostCauseThatSaysSomething() {
        assertThat(Failures.describe(new RuntimeException("outer", new ConnectException("Connection refused"))))
                .isEqualTo("ConnectException: Connection refused");
        assertThat(Failures.describe(new RuntimeException(
                        "outer", new UnavailableException("The registry is away.", new ConnectException("refused")))))
                .isEqualTo("UnavailableException: The registry is away.");
    }

    @Test
    void knowsARefusalFromAQuestionWithoutAnAnswer() {
        assertThat(Failures.unanswered(new org.apache.kafka.common.errors.TimeoutException("no node")))
                .isTrue();
        assertThat(Failures.unanswered(new KafkaException("failed", new IllegalStateException("closed"))))
                .isTrue();
        assertThat(Failures.unanswered(new UnknownTopicOrPartitionException("no such topic")))
                .isFalse();
        assertThat(Failures.unanswered(new InterruptException("stopped"))).isFalse();
        // making that exception has interrupted this thread
        assertThat(Thread.interrupted()).isTrue();
    }
}
