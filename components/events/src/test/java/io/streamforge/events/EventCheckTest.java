package io.streamforge.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventCheckTest {

    private static final int EVENT = 12;
    private static final int READING = 11;
    private static final int DEAD_LETTER = 9;
    private static final int AWAY = 99;
    private static final byte[] KEY = {'k'};
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);

    private final SchemaRegistry registry = new SchemaRegistry() {
        @Override
        public int idFor(String topic, Schema schema) {
            return schema == Schemas.EVENT ? EVENT : DEAD_LETTER;
        }

        @Override
        public Schema byId(int id) {
            return switch (id) {
                case EVENT -> Schemas.EVENT;
                case READING -> Schemas.READING;
                case DEAD_LETTER -> Schemas.DEAD_LETTER;
                case AWAY -> throw new RegistryUnavailableException("away", new IllegalStateException());
                default -> throw new UnknownSchemaException(id);
            };
        }
    };
    private final Decoder decoder = new Decoder(registry);
    private final EventCheck check =
            new EventCheck("events.plant", "gw-1", decoder, DEAD_LETTER, Clock.fixed(AT, ZoneOffset.UTC));
    private final EventCodec codec = new EventCodec(EVENT);

    @Test
    void aWholeEventGoesOnAsItsBytes() {
        byte[] event =
                codec.encode(event("e-1", "press-07", "running", new Value.Flag(true), null, TimeSource.GATEWAY));
        EventCheck.Outcome outcome = check.check(batch(event));
        assertThat(outcome.clean().size()).isEqualTo(1);
        assertThat(outcome.clean().value(0)).isSameAs(event);
        assertThat(outcome.clean().key(0)).isSameAs(KEY);
        assertThat(outcome.dead().size()).isZero();
    }

    @Test
    void whatIsMissingIsNamedAndTheOthersOfTheBatchPass() {
        Value on = new Value.Flag(true);
        EventCheck.Outcome outcome = check.check(batch(
                codec.encode(event("", "a", "t", on, null, TimeSource.GATEWAY)),
                codec.encode(event("e", " ", "t", on, null, TimeSource.GATEWAY)),
                codec.encode(event("e", "a", "t", on, AT, TimeSource.DEVICE)),
                codec.encode(event("e", "a", "", on, null, TimeSource.GATEWAY)),
                codec.encode(event("e", "a", "t", null, null, TimeSource.GATEWAY)),
                codec.encode(new Event(
                        "e", "a", "t", null, on, null, Instant.EPOCH, TimeSource.GATEWAY, Quality.GOOD, ORIGIN))));
        assertThat(outcome.clean().size()).isEqualTo(1);
        assertThat(letters(outcome)).extracting(DeadLetter::reasonCode).containsOnly("MISSING_FIELD");
        assertThat(letters(outcome))
                .extracting(DeadLetter::reason)
                .containsExactly(
                        "An event must have event_id.",
                        "An event must have asset_id.",
                        "An event must have event_type.",
                        "An event must have new_state.",
                        "An event must have gateway_time.");
    }

    @Test
    void timesThatCannotBeAreRefused() {
        Value on = new Value.Flag(true);
        EventCheck.Outcome outcome = check.check(batch(
                codec.encode(event("e", "a", "t", on, AT, TimeSource.GATEWAY)),
                codec.encode(event("e", "a", "t", on, null, TimeSource.DEVICE)),
                codec.encode(event("e", "a", "t", on, Instant.parse("1969-12-31T23:59:59Z"), TimeSource.DEVICE)),
                codec.encode(event("e", "a", "t", on, Instant.parse("2200-01-01T00:00:00Z"), TimeSource.DEVICE)),
                codec.encode(event("e", "a", "t", on, Instant.parse("2199-12-31T23:59:59Z"), TimeSource.DEVICE))));
        assertThat(outcome.clean().size()).isEqualTo(1);
        assertThat(letters(outcome))
                .hasSize(4)
                .extracting(DeadLetter::reasonCode)
                .containsOnly("INVALID_TIME");
    }

    @Test
    void whatCannotBeReadKeepsItsBytes() {
        Sample sample =
                new Sample(null, "a", new Value.Whole(1), "", Classification.TELEMETRY, Quality.GOOD, null, null, AT);
        byte[] reading = new ReadingCodec(READING).encode(sample, "a", ORIGIN, 0);
        byte[] event = codec.encode(event("e", "a", "t", new Value.Flag(true), null, TimeSource.GATEWAY));
        byte[] cut = java.util.Arrays.copyOf(event, event.length - 3);
        EventCheck.Outcome outcome =
                check.check(batch(new byte[] {1, 2}, new byte[] {0, 0, 0, 0, 77, 1}, reading, cut));
        assertThat(outcome.clean().size()).isZero();
        assertThat(letters(outcome))
                .extracting(DeadLetter::reasonCode)
                .containsExactly("BAD_FRAME", "UNKNOWN_SCHEMA", "INCOMPATIBLE_SCHEMA", "TRUNCATED");
        assertThat(letters(outcome).get(3).payload()).isEqualTo(ByteBuffer.wrap(cut));
        assertThat(letters(outcome).get(3).messageId()).isEqualTo("events.raw-2-3");
        assertThat(letters(outcome).get(3).stage()).isEqualTo("events.plant");
        assertThat(letters(outcome).get(0).origin()).isEqualTo(Origin.of("gw-1"));
    }

    @Test
    void nothingIsCondemnedWhileTheRegistryIsAway() {
        assertThatThrownBy(() -> check.check(batch(new byte[] {0, 0, 0, 0, AWAY, 1})))
                .isInstanceOf(SchemaRegistry.RegistryUnavailableException.class);
    }

    @Test
    void theEndpointPutsTheEventsInTheBodyAndTheDeadLettersBesideIt() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("registry", registry);
            context.start();
            var producer =
                    context.getEndpoint("events:events.plant?gatewayId=gw-1").createProducer();
            DefaultExchange exchange = new DefaultExchange(context);
            exchange.getMessage()
                    .setBody(batch(
                            codec.encode(event("e", "a", "t", new Value.Flag(true), null, TimeSource.GATEWAY)),
                            new byte[] {1}));
            producer.process(exchange);
            assertThat(exchange.getMessage().getBody(Batch.class).size()).isEqualTo(1);
            Batch dead = exchange.getVariable("dead", Batch.class);
            assertThat(decoder.deadLetter(dead.value(0)).origin()).isEqualTo(Origin.of("gw-1"));
        }
    }

    private List<DeadLetter> letters(EventCheck.Outcome outcome) {
        return java.util.stream.IntStream.range(0, outcome.dead().size())
                .mapToObj(i -> decoder.deadLetter(outcome.dead().value(i)))
                .toList();
    }

    private static Batch batch(byte[]... values) {
        Batch batch = Batch.input("events.raw", "id", false, List.of());
        for (int i = 0; i < values.length; i++) {
            batch.add(KEY, values[i], 2, i);
        }
        return batch;
    }

    private static Event event(
            String id,
            String asset,
            String type,
            @Nullable Value state,
            @Nullable Instant deviceTime,
            TimeSource timeSource) {
        return new Event(id, asset, type, null, state, deviceTime, AT, timeSource, Quality.GOOD, ORIGIN);
    }
}
