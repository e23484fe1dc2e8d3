package io.streamforge.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.streamforge.ledger.Figures.Account;
import io.streamforge.ledger.Figures.Delivered;
import io.streamforge.ledger.Figures.Lost;
import io.streamforge.model.Batch;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.Ledger.Kind;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Loss;
import io.streamforge.model.Origin;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.testing.TestRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
        in.add(new byte[0], entries.encode(delivered(40)), 0, 4);
        in.add(new byte[0], entries.encode(delivered(2)), 0, 5);
        assertThat(send(producer, in).size()).isZero();

        Figures figures = context.getComponent("ledger", LedgerComponent.class).figures();
        assertThat(figures.sum(new Account("press-07", Kind.READ))).isEqualTo(7);
        assertThat(figures.sum(new Account("press-07", Kind.DEAD))).isZero();
        assertThat(figures.sums().keySet())
                .containsExactly(new Account("press-07", Kind.READ), new Account("press-07", Kind.SEQUENCE_GAP));
        assertThat(figures.delivered()).isEqualTo(Map.of(new Delivered("sink.plant", "telemetry.clean"), 42L));
        assertThat(figures.sum(new Delivered("sink.plant", "telemetry.clean"))).isEqualTo(42);
        assertThat(figures.sum(new Delivered("sink.plant", "telemetry.1s"))).isZero();
        assertThat(figures.gaps()).isEqualTo(1);
        assertThat(figures.notice())
                .hasValue(
                        "Adapter 'press-07', epoch 3, asset 'press-07': sequences 7 to 9 are missing from telemetry.raw,"
                                + " found at 2026-11-20T12:00:00Z. See docs/concepts/ledger.md.");
    }

    @Test
    void entersWhatSourcesLostSinceItLastDid() throws Exception {
        Map<String, Map<Loss, Long>> lost = new HashMap<>(
                Map.of("press-07", Map.of(Loss.POLL_FAILED, 3L, Loss.POLL_STREAM_SLOW, 1L), "boiler", Map.of()));
        context.getRegistry().bind("sourceLosses", SourceLosses.class, (SourceLosses) () -> lost);
        Producer producer = producer("ledger:ledger.gateway?gatewayId=gw-9&intervalMs=1000");
        List<Ledger> first = entries(send(producer, Batch.input(Topics.RAW, "t1", false, List.of())));
        lost.put("press-07", Map.of(Loss.POLL_FAILED, 8L, Loss.POLL_STREAM_SLOW, 1L));
        lost.put("boiler", Map.of(Loss.QOS0_STREAM_SLOW, 12L));
        List<Ledger> second = entries(await().until(
                        () -> send(producer, Batch.input(Topics.RAW, "t1", false, List.of())), out -> out.size() > 0));

        assertThat(concat(first, second))
                .allSatisfy(entry -> assertThat(entry.stage()).isEqualTo("ledger.gateway"))
                .extracting(entry -> entry.origin().adapterId(), Ledger::kind, Ledger::reason, Ledger::count)
                .containsExactlyInAnyOrder(
                        tuple("press-07", Kind.POLL_FAILED, "POLL_FAILED", 3L),
                        tuple("press-07", Kind.POLL_SKIPPED, "POLL_STREAM_SLOW", 1L),
                        tuple("press-07", Kind.POLL_FAILED, "POLL_FAILED", 5L),
                        tuple("boiler", Kind.LOST, "QOS0_STREAM_SLOW", 12L));
        assertThat(second)
                .filteredOn(entry -> entry.kind() == Kind.POLL_FAILED)
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.first()).isEqualTo(4);
                    assertThat(entry.last()).isEqualTo(8);
                    assertThat(entry.origin()).isEqualTo(new Origin("gw-9", "press-07", "", 0, 0));
                });
        assertThat(send(producer, Batch.input(Topics.CLEAN, "t1", false, List.of()))
                        .size())
                .isZero();

        Batch written = Batch.input(Topics.LEDGER, "t1", false, List.of(0));
        for (Ledger entry : second) {
            written.add(new byte[0], entries.encode(entry), 0, written.size());
        }
        send(producer, written);
        Figures figures = context.getComponent("ledger", LedgerComponent.class).figures();
        assertThat(figures.lost())
                .isEqualTo(
                        Map.of(new Lost("press-07", "POLL_FAILED"), 5L, new Lost("boiler", "QOS0_STREAM_SLOW"), 12L));
        assertThat(figures.sum(new Lost("boiler", "QOS0_STREAM_SLOW"))).isEqualTo(12);
        assertThat(figures.sum(new Lost("boiler", "ROW_REJECTED"))).isZero();
    }

    @Test
    void behindAConnectorItStatesWhatThatDelivered() throws Exception {
        Producer producer = producer("ledger:sink.plant?deliveries=true&gatewayId=gw-9&intervalMs=1000");
        Batch in = Batch.input("telemetry.clean", "t1", false, List.of(3));
        in.add(new byte[0], new byte[] {1}, 3, 7);
        in.add(new byte[0], new byte[] {1}, 3, 9);
        in.accepted(3, 2);
        assertThat(send(producer, in).size()).isZero();
        assertThat(in.notes()).containsEntry(3, new Batch.Note(7, 2));

        Batch written = await().until(
                        () -> send(producer, Batch.input("telemetry.clean", "t1", false, List.of())),
                        out -> out.size() > 0);
        Ledger entry = new Decoder(registry).ledger(written.value(0));
        assertThat(entry.origin()).isEqualTo(Origin.of("gw-9"));
        assertThat(entry.stage()).isEqualTo("sink.plant");
        assertThat(entry.topic()).isEqualTo("telemetry.clean");
        assertThat(entry.partition()).isEqualTo(3);
        assertThat(entry.count()).isEqualTo(2);
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
        Runnable told = in.whenCommitted();
        if (told != null) {
            told.run();
        }
        return exchange.getMessage().getBody(Batch.class);
    }

    private static List<Ledger> concat(List<Ledger> first, List<Ledger> second) {
        List<Ledger> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private List<Ledger> entries(Batch written) {
        Decoder decoder = new Decoder(registry);
        return IntStream.range(0, written.size())
                .mapToObj(i -> decoder.ledger(written.value(i)))
                .toList();
    }

    private static Ledger delivered(long count) {
        return new Ledger(
                Kind.DELIVERED,
                "sink.plant",
                "",
                "",
                Stream.START,
                count,
                0,
                99,
                Origin.of("gw-1"),
                "telemetry.clean",
                0,
                "");
    }

    private static Ledger entry(Kind kind, String parameter, long count, long first, long last, Origin origin) {
        return new Ledger(kind, "ledger.gateway", "press-07", parameter, Stream.START, count, first, last, origin);
    }
}
