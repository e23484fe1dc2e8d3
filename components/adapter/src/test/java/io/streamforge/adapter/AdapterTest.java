package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.Decoder;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Observation;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.StateChange;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdapterTest {

    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);
    private static final Instant READ = Instant.parse("2026-11-20T10:00:00.000123Z");
    private static final Instant MEASURED = Instant.parse("2026-11-20T09:59:59.5Z");

    private final CamelContext context = new DefaultCamelContext();
    private final List<Batch> sent = new ArrayList<>();
    private final Registry registry = new Registry();
    private final List<Batch> sentEvents = new ArrayList<>();
    private boolean streamUp = true;

    /** Knows two schemas, unless it is away. */
    private static final class Registry implements SchemaRegistry {
        private boolean up = true;

        @Override
        public int idFor(String topic, Schema schema) {
            if (!up) {
                throw new RegistryUnavailableException("away", new IllegalStateException());
            }
            return schema == Schemas.EVENT ? 12 : 11;
        }

        @Override
        public Schema byId(int id) {
            return id == 12 ? Schemas.EVENT : Schemas.READING;
        }
    }

    @BeforeEach
    void start() {
        context.getRegistry().bind("registry", registry);
        context.getRegistry().bind("origin", ORIGIN);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void makesAReadingOfEachSampleKeyedByItsAsset() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "temperature", Quality.GOOD, null), sample("pump-1", "speed", Quality.GOOD, null));

        assertThat(keys(0)).containsExactly("press-07", "pump-1");
        Reading reading = readings(0).get(0);
        assertThat(reading)
                .isEqualTo(new Reading(
                        new Value.Real(24.1),
                        Quality.GOOD,
                        "press-07",
                        "temperature",
                        "Cel",
                        Classification.TELEMETRY,
                        null,
                        READ,
                        TimeSource.GATEWAY,
                        null,
                        null,
                        0,
                        ORIGIN));
    }

    @Test
    void numbersEachAssetWithoutGapsFromZero() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        for (int i = 0; i < 3; i++) {
            send(
                    sample(null, "a", Quality.GOOD, null),
                    sample("pump-1", "b", Quality.GOOD, null),
                    sample(null, "c", Quality.GOOD, null));
        }
        assertThat(sequences("press-07")).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(sequences("pump-1")).containsExactly(0L, 1L, 2L);
    }

    @Test
    void sendsABatchThatTheStreamDidNotTakeAgainUnchangedAndFirst() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "a", Quality.GOOD, null));
        streamUp = false;
        assertThat(send(sample(null, "b", Quality.GOOD, null))).isTrue();
        assertThat(send(sample(null, "c", Quality.GOOD, null))).isTrue();
        streamUp = true;
        send(sample(null, "d", Quality.GOOD, null));
        send(sample(null, "e", Quality.GOOD, null));

        assertThat(sent).hasSize(3);
        assertThat(readings(1)).extracting(Reading::parameter).containsExactly("b", "c", "d");
        assertThat(sequences("press-07")).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void goesOnCountingAfterTheRouteWasStoppedAndStarted() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "a", Quality.GOOD, null));
        context.getRouteController().stopRoute("under-test");
        context.getRouteController().startRoute("under-test");
        send(sample(null, "a", Quality.GOOD, null));
        assertThat(sequences("press-07")).containsExactly(0L, 1L);
    }

    @Test
    void countsFromZeroInANewEpochWhenTheRouteIsMadeAnew() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "a", Quality.GOOD, null));
        context.getRouteController().stopRoute("under-test");
        context.removeRoute("under-test");
        context.getRegistry().bind("origin", new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 4));
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "a", Quality.GOOD, null));
        assertThat(sequences("press-07")).containsExactly(0L, 0L);
        assertThat(readings(1).get(0).origin().epoch()).isEqualTo(4);
    }

    @Test
    void numbersNothingWhileTheRegistryIsAway() throws Exception {
        registry.up = false;
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        assertThat(send(sample(null, "a", Quality.GOOD, null))).isTrue();
        registry.up = true;
        send(sample(null, "b", Quality.GOOD, null));
        assertThat(readings(0)).extracting(Reading::parameter).containsExactly("b");
        assertThat(sequences("press-07")).containsExactly(0L);
    }

    @Test
    void aMissingDeviceTimeIsUncertainWhereADeviceClockIsExpected() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07&deviceClock=device");
        send(
                sample(null, "without", Quality.GOOD, null),
                sample(null, "with", Quality.GOOD, MEASURED),
                sample(null, "bad", Quality.BAD, null));

        assertThat(readings(0))
                .extracting(Reading::quality)
                .containsExactly(Quality.UNCERTAIN, Quality.GOOD, Quality.BAD);
        assertThat(readings(0)).extracting(Reading::qualityReason).containsExactly(Adapter.CLOCK_MISSING, null, "0x02");
        assertThat(readings(0))
                .extracting(Reading::timeSource)
                .containsExactly(TimeSource.GATEWAY, TimeSource.DEVICE, TimeSource.GATEWAY);
        assertThat(readings(0)).extracting(Reading::time).containsExactly(READ, MEASURED, READ);
    }

    @Test
    void makesAnEventOfEachStateChangeBesideTheReadings() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        send(sample(null, "a", Quality.GOOD, null), change(null, null, null), change("pump-1", null, null));
        send(change(null, null, null));

        assertThat(sequences("press-07")).containsExactly(0L);
        List<Event> events = events();
        assertThat(events).extracting(Event::assetId).containsExactly("press-07", "pump-1", "press-07");
        assertThat(events).extracting(Event::eventId).doesNotHaveDuplicates();
        assertThat(events.get(0))
                .isEqualTo(new Event(
                        events.get(0).eventId(),
                        "press-07",
                        "running",
                        new Value.Flag(false),
                        new Value.Flag(true),
                        null,
                        READ,
                        TimeSource.GATEWAY,
                        Quality.GOOD,
                        ORIGIN));
    }

    @Test
    void theSameEventSentTwiceHasTheSameIdAndASendersOwnIdStays() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07&deviceClock=device");
        send(change(null, null, MEASURED), change(null, null, MEASURED), change(null, null, MEASURED.plusMillis(1)));
        send(change(null, "e-7", MEASURED), change(null, null, null));

        List<Event> events = events();
        assertThat(events.get(1).eventId()).isEqualTo(events.get(0).eventId());
        assertThat(events.get(2).eventId()).isNotEqualTo(events.get(0).eventId());
        assertThat(events.get(3).eventId()).isEqualTo("e-7");
        assertThat(events)
                .extracting(Event::quality)
                .containsExactly(Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN);
        assertThat(events.get(0).time()).isEqualTo(MEASURED);
        assertThat(events.get(0).qualityReason()).isNull();
        assertThat(events.get(4).qualityReason()).isEqualTo("device_time: missing, gateway_time stands in");
    }

    @Test
    void eventsThatTheStreamDidNotTakeGoAgainUnchangedAndFirst() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        streamUp = false;
        send(change(null, "e-1", null));
        streamUp = true;
        send(change(null, "e-2", null));
        assertThat(events()).extracting(Event::eventId).containsExactly("e-1", "e-2");
    }

    @Test
    void theVeryListThatWasRefusedIsNotNumberedAgainAnEqualOneIs() throws Exception {
        route("adapter:press-07?origin=#bean:origin&asset=press-07");
        List<Observation> refused = List.of(sample(null, "a", Quality.GOOD, null), change(null, "e-1", null));
        streamUp = false;
        assertThat(sendAs(refused)).isTrue();
        assertThat(sendAs(refused)).isTrue();
        streamUp = true;
        assertThat(sendAs(refused)).isFalse();
        assertThat(readings(0)).extracting(Reading::sequence).containsExactly(0L);
        assertThat(events()).hasSize(1);
        assertThat(sendAs(refused)).as("taken before, so it is news").isFalse();
        assertThat(readings(1)).extracting(Reading::sequence).containsExactly(1L);
    }

    @Test
    void refusesASecondBatchWhileOneIsUnderWay() {
        Adapter adapter = new Adapter(ORIGIN, "press-07", DeviceClock.NONE);
        var codec = new ReadingCodec(11);
        var events = new EventCodec(12);
        adapter.number(List.of(sample(null, "a", Quality.GOOD, null)), codec, events);
        assertThatThrownBy(() -> adapter.number(List.of(sample(null, "b", Quality.GOOD, null)), codec, events))
                .hasMessage("Adapter 'press-07' numbers one batch at a time: the source must wait for each exchange.");
    }

    @Test
    void takesNoMoreWhenTooMuchWaitsForTheStream() {
        Adapter adapter = new Adapter(ORIGIN, "press-07", DeviceClock.NONE);
        var codec = new ReadingCodec(11);
        var events = new EventCodec(12);
        List<Observation> many = new ArrayList<>();
        for (int i = 0; i < Adapter.MAX_KEPT; i++) {
            many.add(sample(null, "a", Quality.GOOD, null));
        }
        adapter.number(many, codec, events);
        adapter.ended(false);
        assertThatThrownBy(() -> adapter.number(List.of(sample(null, "b", Quality.GOOD, null)), codec, events))
                .hasMessage("Adapter 'press-07' keeps 100000 records that the stream did not take, and takes no more.");
        assertThat(adapter.number(List.of(), codec, events).readings().size()).isEqualTo(Adapter.MAX_KEPT);
    }

    @Test
    void namesEverythingThatIsWrongWithItsConfiguration() {
        assertThatThrownBy(() -> route("adapter:press-08?origin=#bean:origin&deviceClock=mine"))
                .rootCause()
                .hasMessage(
                        "Adapter 'press-08': origin must be the adapter's own, got that of 'press-07'; asset must not be empty; "
                                + "deviceClock must be one of none, device, got 'mine'.");
    }

    private void route(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:samples").routeId("under-test").to(uri).process(exchange -> {
                    if (!streamUp) {
                        throw new IllegalStateException("the stream is away");
                    }
                    sent.add(exchange.getMessage().getBody(Batch.class));
                    Batch events = exchange.getVariable("events", Batch.class);
                    if (events != null) {
                        sentEvents.add(events);
                    }
                });
            }
        });
    }

    /** True if the exchange failed. */
    private boolean send(Observation... samples) {
        return sendAs(List.of(samples));
    }

    private boolean sendAs(List<Observation> body) {
        Exchange done = context.createProducerTemplate()
                .send("direct:samples", exchange -> exchange.getMessage().setBody(body));
        return done.isFailed();
    }

    private List<String> keys(int batch) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < sent.get(batch).size(); i++) {
            keys.add(new String(sent.get(batch).key(i), StandardCharsets.UTF_8));
        }
        return keys;
    }

    private List<Reading> readings(int batch) {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < sent.get(batch).size(); i++) {
            readings.add(new Decoder(registry).reading(sent.get(batch).value(i)));
        }
        return readings;
    }

    private List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (Batch batch : sentEvents) {
            for (int i = 0; i < batch.size(); i++) {
                events.add(new Decoder(registry).event(batch.value(i)));
            }
        }
        return events;
    }

    private static StateChange change(@Nullable String asset, @Nullable String eventId, @Nullable Instant deviceTime) {
        return new StateChange(
                eventId, asset, "running", new Value.Flag(false), new Value.Flag(true), Quality.GOOD, deviceTime, READ);
    }

    private List<Long> sequences(String asset) {
        List<Long> sequences = new ArrayList<>();
        for (int batch = 0; batch < sent.size(); batch++) {
            readings(batch).stream()
                    .filter(reading -> reading.assetId().equals(asset))
                    .forEach(reading -> sequences.add(reading.sequence()));
        }
        return sequences;
    }

    private static Sample sample(
            @Nullable String asset, String parameter, Quality quality, @Nullable Instant deviceTime) {
        boolean bad = quality == Quality.BAD;
        return new Sample(
                asset,
                parameter,
                bad ? null : new Value.Real(24.1),
                "Cel",
                Classification.TELEMETRY,
                quality,
                bad ? "0x02" : null,
                deviceTime,
                READ);
    }
}
