package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.streamforge.ledger.Figures.Account;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.testing.TestRegistry;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerEndpointTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final TestRegistry registry = new TestRegistry();
    private final LedgerCodec entries = new LedgerCodec(registry.idFor(Topics.LEDGER, Schemas.LEDGER));

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
    void namesTheGatewayInEntriesAboutWhatCannotBeRead() throws Exception {
        Producer producer = producer("ledger:ledger.gateway?gatewayId=gw-9&intervalMs=1000");
        Batch in = Batch.input(Topics.RAW, "t1", false, List.of(0));
        in.add(new byte[0], new byte[] {1}, 0, 0);
        assertThat(send(producer, in).size()).isZero();

        Batch written = await().until(
                        () -> send(producer, Batch.input(Topics.RAW, "t1", false, List.of())), out -> out.size() > 0);
        Ledger entry = new Decoder(registry).ledger(written.value(0));
        assertThat(entry.origin()).isEqualTo(Origin.of("gw-9"));
        assertThat(entry.stage()).isEqualTo("ledger.gateway");
    }

    @Test
    void whatStagesWroteBecomesTheFigures() throws Exception {
        Producer producer = producer("ledger:ledger.gateway?gatewayId=gw-1");
        Batch in = Batch.input(Topics.LEDGER, "t1", false, List.of(0));
        Origin origin = new Origin("gw-1", "press-07", "m@1", 7, 3);
        in.add(new byte[0], entries.encode(entry(Kind.READ, "temperature", 5, 0, 9, origin)), 0, 0);
        in.add(new byte[0], entries.encode(entry(Kind.READ, "pressure", 2, 0, 9, origin)), 0, 1);
        in.add(new byte[0], new byte[] {1, 2, 3}, 0, 2);
        in.add(new byte[0], entries.encode(entry(Kind.SEQUENCE_GAP, "", 3, 7, 9, origin)), 0, 3);
        assertThat(send(producer, in).size()).isZero();

        Figures figures = context.getComponent("ledger", LedgerComponent.class).figures();
        assertThat(figures.sum(new Account("press-07", Kind.READ))).isEqualTo(7);
        assertThat(figures.sum(new Account("press-07", Kind.DEAD))).isZero();
        assertThat(figures.sums().keySet())
                .containsExactly(new Account("press-07", Kind.READ), new Account("press-07", Kind.SEQUENCE_GAP));
        assertThat(figures.gaps()).isEqualTo(1);
        assertThat(figures.notice())
                .hasValue(
                        "Adapter 'press-07', epoch 3, asset 'press-07': sequences 7 to 9 are missing from telemetry.raw,"
                                + " found at 2026-11-20T12:00:00Z. See docs/concepts/ledger.md.");
    }

    @Test
    void remembersAsLongAsItIsTold() throws Exception {
        Producer producer = producer("ledger:ledger.gateway?intervalMs=1000&horizonMs=1000");
        ReadingCodec codec = new ReadingCodec(registry.idFor(Topics.RAW, Schemas.READING));
        Batch in = Batch.input(Topics.RAW, "t1", false, List.of(0));
        in.add(new byte[0], codec.encode(Stream.reading("quiet", 1, "press-07", "t", 0, 0)), 0, 0);
        in.add(new byte[0], codec.encode(Stream.reading("a", 1, "press-07", "t", 0, 5_000)), 0, 1);
        send(producer, in);
        Batch tick = await().until(
                        () -> {
                            Batch next = Batch.input(Topics.RAW, "t1", false, List.of());
                            send(producer, next);
                            return next;
                        },
                        next -> !next.notes().isEmpty());
        assertThat(tick.notes()).containsEntry(0, new Batch.Note(1, 2));
    }

    @Test
    void refusesIntervalsThatCannotBeKept() {
        assertThatThrownBy(
                        () -> context.getEndpoint("ledger:a?intervalMs=60001").createProducer())
                .hasMessage("Ledger 'a': intervalMs must be 1000 to 60000, got 60001.");
        assertThatThrownBy(() -> context.getEndpoint("ledger:b?intervalMs=999").createProducer())
                .hasMessage("Ledger 'b': intervalMs must be 1000 to 60000, got 999.");
        assertThatThrownBy(() -> context.getEndpoint("ledger:c?intervalMs=1000&horizonMs=999")
                        .createProducer())
                .hasMessage("Ledger 'c': horizonMs must be at least intervalMs (1000), got 999.");
        assertThatThrownBy(() -> context.getEndpoint("ledger:d").createConsumer(exchange -> {}))
                .hasMessage("Ledger 'd' can only be called, not consumed from.");
    }

    private Producer producer(String uri) throws Exception {
        Producer producer = context.getEndpoint(uri).createProducer();
        producer.start();
        return producer;
    }

    private static Batch send(Producer producer, Batch in) throws Exception {
        Exchange exchange = producer.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getMessage().setBody(in);
        producer.process(exchange);
        return exchange.getMessage().getBody(Batch.class);
    }

    private static Ledger entry(Kind kind, String parameter, long count, long first, long last, Origin origin) {
        return new Ledger(kind, "ledger.gateway", "press-07", parameter, Stream.START, count, first, last, origin);
    }
}
