package io.streamforge.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AggregateEndpointTest {

    private final CamelContext context = new DefaultCamelContext();
    private final TestRegistry registry = new TestRegistry();
    private final ReadingCodec codec = new ReadingCodec(registry.idFor("telemetry.clean", Schemas.READING));

    @BeforeEach
    void start() {
        context.getRegistry().bind("registry", registry);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void leavesAggregatesInTheBodyAndDeadLettersInAVariable() throws Exception {
        Exchange exchange = send(
                "aggregate:aggregate.1s?target=telemetry.1s&resolutionMs=1000&allowedLatenessMs=0&gatewayId=gw-1",
                new byte[] {1},
                reading(0, Quality.GOOD),
                reading(1000, Quality.GOOD));

        assertThat(exchange.getMessage().getBody(Batch.class).size()).isEqualTo(1);
        Batch dead = exchange.getVariable("dead", Batch.class);
        assertThat(new Decoder(registry).deadLetter(dead.value(0)).origin().gatewayId())
                .isEqualTo("gw-1");
    }

    @Test
    void tellsTheLedgerWhatCameTooLateBySeriesAndMinute() throws Exception {
        Exchange exchange = send(
                "aggregate:aggregate.1s?target=telemetry.1s&resolutionMs=1000&heldMs=5000",
                reading(70_000, Quality.GOOD),
                reading(64_000, Quality.GOOD),
                reading(2_000, Quality.GOOD),
                reading(1_000, Quality.GOOD),
                reading(66_000, Quality.GOOD));

        Batch entries = exchange.getVariable("ledger", Batch.class);
        Decoder decoder = new Decoder(registry);
        assertThat(List.of(decoder.ledger(entries.value(0)), decoder.ledger(entries.value(1))))
                .containsExactlyInAnyOrder(late(1, 1, 1, 60), late(2, 2, 3, 0));
        assertThat(entries.size()).isEqualTo(2);
    }

    private static Ledger late(long count, long first, long last, long seconds) {
        Reading reading = Plant.reading("temperature", new Value.Real(1), Quality.GOOD, 0, 0, 0);
        return new Ledger(
                Ledger.Kind.LATE,
                "aggregate.1s",
                reading.assetId(),
                "temperature",
                Plant.START.plusSeconds(seconds),
                count,
                first,
                last,
                reading.origin());
    }

    @Test
    void holdsHalfAMinuteUnlessToldOtherwise() throws Exception {
        assertThat(send(
                                "aggregate:a?target=t&resolutionMs=1000",
                                reading(32_000, Quality.GOOD),
                                reading(2_001, Quality.GOOD))
                        .getMessage()
                        .getBody(Batch.class)
                        .size())
                .isEqualTo(1);
        assertThat(send(
                                "aggregate:a?target=t&resolutionMs=1000&heldMs=5000",
                                reading(32_000, Quality.GOOD),
                                reading(2_001, Quality.GOOD))
                        .getMessage()
                        .getBody(Batch.class)
                        .size())
                .isZero();
    }

    @Test
    void countsWhatThePolicySays() throws Exception {
        Exchange exchange = send(
                "aggregate:a?target=t&resolutionMs=1000&allowedLatenessMs=0&worstCounted=GOOD",
                reading(0, Quality.SUSPECT),
                reading(1000, Quality.GOOD));

        Batch aggregates = exchange.getMessage().getBody(Batch.class);
        assertThat(new Decoder(registry).aggregate(aggregates.value(0)).statistics())
                .isNull();
    }

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatThrownBy(() -> context.getEndpoint(
                                "aggregate:a?target=t&allowedLatenessMs=-1&heldMs=-2&worstCounted=BAD")
                        .createProducer())
                .hasMessage("Aggregator 'a': resolutionMs must be at least 1, got 0; "
                        + "allowedLatenessMs must be at least 0, got -1; "
                        + "heldMs must be at least allowedLatenessMs (-1), got -2; "
                        + "worstCounted must be GOOD, SUSPECT or UNCERTAIN, got BAD.");
        assertThatThrownBy(() ->
                        context.getEndpoint("aggregate:b?resolutionMs=1000").createProducer())
                .hasMessage("Aggregator 'b': option target is required, the topic of the aggregates.");
    }

    private Exchange send(String uri, byte[]... records) throws Exception {
        Producer producer = context.getEndpoint(uri).createProducer();
        producer.start();
        Batch in = Batch.input("telemetry.clean", "t1", false, List.of(0));
        for (int i = 0; i < records.length; i++) {
            in.add(new byte[0], records[i], 0, i);
        }
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getMessage().setBody(in);
        producer.process(exchange);
        producer.stop();
        return exchange;
    }

    private byte[] reading(long millis, Quality quality) {
        return codec.encode(Plant.reading("temperature", new Value.Real(1), quality, millis, millis, millis));
    }
}
