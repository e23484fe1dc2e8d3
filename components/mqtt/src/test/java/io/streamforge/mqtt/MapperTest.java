package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.model.Classification;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MapperTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-20T08:15:01Z");
    private static final Instant EIGHT = Instant.parse("2025-11-21T08:00:00Z");
    private static final String TIMED = """
            [{"name":"a","topic":"t","path":"$.v","time":"$.t"}]""";

    private final Counts counts = new Counts();

    @Test
    void aNumberAloneIsAValueOfTheAssetAndParameterThatTheTopicNames() {
        assertThat(one("""
                        [{"name":"{parameter}","topic":"plant/{area}/{asset}/{parameter}","unit":"Cel"}]""", "plant/north/press-07/temperature", "24.1"))
                .isEqualTo(new Sample(
                        "press-07",
                        "temperature",
                        new Value.Real(24.1),
                        "Cel",
                        Classification.TELEMETRY,
                        Quality.GOOD,
                        null,
                        null,
                        RECEIVED));
    }

    @Test
    void severalRowsReadOneDocument() {
        List<Sample> samples = samples("""
                [{"name":"speed","topic":"press","path":"$.motor.speed","unit":"1/min","time":"$.ts","scale":0.5,"offset":-40},
                 {"name":"odd","topic":"press","path":"$['odd name'][1]"},
                 {"name":"running","topic":"press","path":"$.running"}]""", "press", """
                {"ts":1763712000250,"motor":{"speed":1480},"odd name":[1,"AUTO"],"running":true}""");
        assertThat(samples.stream().map(Sample::value))
                .containsExactly(new Value.Real(700), new Value.Text("AUTO"), new Value.Flag(true));
        assertThat(samples.get(0).deviceTime()).isEqualTo(EIGHT.plusMillis(250));
        assertThat(samples.get(1).deviceTime()).isNull();
        assertThat(samples).extracting(Sample::unit).containsExactly("1/min", "", "");
        assertThat(samples).allMatch(sample -> sample.asset() == null);
    }

    @Test
    void anArrayOfSamplesIsASampleForEachWithItsOwnTimeAndName() {
        List<Sample> samples = samples(mapper("""
                [{"name":"{$.n}","topic":"t/{machine}","items":"$.samples","path":"$.v","time":"$.t","asset":"{machine}.{$.m}"}]""", EpochUnit.S).map(message("t/m-1", """
                {"samples":[{"t":1763712000,"v":1,"n":"a","m":1},{"t":1763712001.5,"v":2.5,"n":"b","m":1},{"v":3,"n":"a","m":1}]}""")));
        assertThat(samples.stream().map(Sample::parameter)).containsExactly("a", "b", "a");
        assertThat(samples.stream().map(Sample::asset)).containsOnly("m-1.1");
        assertThat(samples.stream().map(Sample::deviceTime)).containsExactly(EIGHT, EIGHT.plusMillis(1500), null);
        assertThat(samples.get(2).quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(samples.get(2).reason()).isEqualTo(Mapper.CLOCK_MISSING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MS | 1763712000250             | 2025-11-21T08:00:00.250Z",
                "MS | \"1763712000250\"         | 2025-11-21T08:00:00.250Z",
                "S  | 1763712000                | 2025-11-21T08:00:00Z",
                "S  | 1763712000.123456         | 2025-11-21T08:00:00.123456Z",
                "US | 1763712000250001          | 2025-11-21T08:00:00.250001Z",
                "NS | 1763712000250001999       | 2025-11-21T08:00:00.250001Z",
                "MS | \"2025-11-21T09:00:00.250+01:00\" | 2025-11-21T08:00:00.250Z"
            })
    void aTimeIsIsoOrANumberOfItsUnit(EpochUnit unit, String written, Instant expected) {
        List<Sample> samples = samples(mapper(TIMED, unit).map(message("t", "{\"v\":1,\"t\":%s}".formatted(written))));
        assertThat(samples).hasSize(1);
        assertThat(samples.get(0).deviceTime()).isEqualTo(expected);
        assertThat(samples.get(0).quality()).isEqualTo(Quality.GOOD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"yesterday\"", "\"2026-11-20T08:15:00\"", "1763712000250001", "-5", "1e99", "true", "[1]"})
    void aTimeThatCannotBeOneMakesTheValueBad(String written) {
        Sample sample = one(TIMED, "t", "{\"v\":1,\"t\":%s}".formatted(written));
        assertThat(sample.quality()).isEqualTo(Quality.BAD);
        assertThat(sample.reason()).startsWith("time: must ");
    }

    @Test
    void aMissingTimeLeavesTheValueUncertain() {
        Sample sample = one(TIMED, "t", "{\"v\":1}");
        assertThat(sample.value()).isEqualTo(new Value.Whole(1));
        assertThat(sample.quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(counts.sorted()).containsEntry(Counts.TIMESTAMP, 1L);
    }

    @ParameterizedTest
    @CsvSource({
        "auto, 9223372036854775807, whole",
        "auto, 9223372036854775808, real",
        "auto, 5.0, real",
        "auto, 1e3, real",
        "auto, true, flag",
        "auto, AUTO, text",
        "integer, -7, whole",
        "real, 7, real",
        "bool, 0, flag",
        "text, 24.10, text"
    })
    void aPlainPayloadIsWhatItLooksLikeOrWhatItsRowSays(String type, String payload, String kind) {
        Sample sample = one(
                "[{\"name\":\"a\",\"topic\":\"t\",\"format\":\"plain\",\"type\":\"%s\"}]".formatted(type),
                "t",
                payload);
        assertThat(sample.value())
                .isEqualTo(
                        switch (kind) {
                            case "whole" -> new Value.Whole(Long.parseLong(payload));
                            case "real" -> new Value.Real(Double.parseDouble(payload));
                            case "flag" -> new Value.Flag(!payload.equals("0"));
                            default -> new Value.Text(payload);
                        });
    }

    @ParameterizedTest
    @CsvSource({"real, true", "real, \"x\"", "integer, 1.5", "bool, 2", "bool, \"yes\"", "auto, []", "auto, 1e999"})
    void aValueThatIsNoneIsBadOnceAndTheOthersGoOn(String type, String json) {
        Mapper mapper = mapper(
                "[{\"name\":\"a\",\"topic\":\"t\",\"path\":\"$.a\",\"type\":\"%s\"},{\"name\":\"b\",\"topic\":\"t\",\"path\":\"$.b\"}]"
                        .formatted(type),
                EpochUnit.MS);
        String payload = "{\"a\":%s,\"b\":1}".formatted(json);
        List<Sample> first = samples(mapper.map(message("t", payload)));
        assertThat(first).extracting(Sample::quality).containsExactly(Quality.BAD, Quality.GOOD);
        assertThat(first.get(0).value()).isNull();
        assertThat(samples(mapper.map(message("t", payload)))).as("told once").hasSize(1);
        assertThat(mapper.fault().orElseThrow()).startsWith("t: value: must ");
        mapper.map(message("t", "{\"a\":%s,\"b\":1}".formatted(type.equals("bool") ? "true" : "5")));
        assertThat(mapper.fault()).isEmpty();
    }

    @Test
    void csvHasItsCellsByNumberOrByName() {
        List<Sample> counted = samples("""
                [{"name":"a","topic":"t","format":"csv","path":"$[1]","time":"$[0]"}]""", "t", "1763712000000,24.1\n1763712001000, AUTO \n");
        assertThat(counted.stream().map(Sample::value)).containsExactly(new Value.Real(24.1), new Value.Text("AUTO"));
        assertThat(counted.get(1).deviceTime()).isEqualTo(EIGHT.plusSeconds(1));
        List<Sample> named = samples("""
                [{"name":"{$.tag}","topic":"t","format":"csv-header","path":"$.value","asset":"{$.machine}"}]""", "t", "machine,tag,value\nm-1,\"a,b\",1\nm-2,b,\nm-2,c,3\n");
        assertThat(named.stream().map(Sample::parameter)).containsExactly("a,b", "c");
        assertThat(named.stream().map(Sample::asset)).containsExactly("m-1", "m-2");
        assertThat(counts.sorted()).containsEntry(Counts.MISSING, 1L);
    }

    @Test
    void eachChangeIsAnEventWithTheStateBefore() {
        Mapper mapper = mapper("[{\"name\":\"running\",\"topic\":\"t\",\"event\":true}]", EpochUnit.MS);
        assertThat(events(mapper.map(message("t", "true")))).containsExactly(change(null, true));
        assertThat(events(mapper.map(message("t", "true")))).isEmpty();
        assertThat(events(mapper.map(message("t", "false")))).containsExactly(change(new Value.Flag(true), false));
    }

    @Test
    void whatIsNotJsonIsBadOnceCountedAndToldWithItsTopic() {
        Mapper mapper = mapper("[{\"name\":\"a\",\"topic\":\"plant/{asset}\",\"path\":\"$.v\"}]", EpochUnit.MS);
        List<Sample> seen = new ArrayList<>();
        for (String payload : List.of("{", "nonsense", "{\"v\":1}}", "[".repeat(100_000))) {
            seen.addAll(samples(mapper.map(message("plant/m-1", payload))));
        }
        assertThat(seen)
                .extracting(Sample::asset, Sample::parameter, Sample::quality)
                .containsExactly(tuple("m-1", "a", Quality.BAD));
        assertThat(counts.sorted()).containsEntry(Counts.PAYLOAD, 4L);
        assertThat(counts.losses().all()).isEqualTo(Map.of(Loss.MESSAGE_UNREADABLE, 4L));
        assertThat(mapper.fault().orElseThrow()).startsWith("plant/m-1: not JSON");
        assertThat(samples(mapper.map(message("plant/m-1", "{\"v\":1}"))))
                .extracting(Sample::quality)
                .containsExactly(Quality.GOOD);
        assertThat(mapper.fault()).isEmpty();
    }

    @Test
    void fieldsThatNoRowTakesAndPathsThatAreNotThereAreCounted() {
        Mapper mapper = mapper("""
                [{"name":"a","topic":"t","path":"$.a","time":"$.ts"}]""", EpochUnit.MS);
        assertThat(mapper.map(message("t", "{\"b\":1,\"c\":2}"))).isEmpty();
        assertThat(counts.sorted()).containsEntry(Counts.UNKNOWN_FIELD, 2L).containsEntry(Counts.MISSING, 1L);
        assertThat(mapper.missing(0)).isEqualTo("value: $.a is missing in t, which has b, c");
        assertThat(mapper.fault())
                .as("a message may hold only what has changed")
                .isEmpty();
        assertThat(mapper.map(message("other", "1"))).isEmpty();
        assertThat(mapper.map(message("t", ""))).isEmpty();
        assertThat(counts.sorted()).containsEntry(Counts.UNKNOWN_TOPIC, 1L);
        assertThat(counts.losses().all())
                .as("what nobody takes is in the ledger, apart from what is lost")
                .isEqualTo(Map.of(Loss.FIELD_UNMAPPED, 2L, Loss.TOPIC_UNMAPPED, 1L));
    }

    @Test
    void aRetainedMessageWithoutATimeIsUncertain() {
        Mapper mapper = mapper("""
                [{"name":"a","topic":"a"},{"name":"b","topic":"b","path":"$.v","time":"$.t"}]""", EpochUnit.MS);
        assertThat(samples(mapper.map(new Message("a", bytes("1"), true, RECEIVED))))
                .extracting(Sample::quality, Sample::reason)
                .containsExactly(tuple(Quality.UNCERTAIN, "retained: the broker kept it, its age is unknown"));
        assertThat(samples(mapper.map(new Message("b", bytes("{\"v\":1,\"t\":1763712000000}"), true, RECEIVED))))
                .extracting(Sample::quality)
                .containsExactly(Quality.GOOD);
    }

    @Test
    void namesThatATopicCannotGiveAreRefusedAndOthersCleaned() {
        Mapper mapper = mapper("[{\"name\":\"{p}\",\"topic\":\"{asset}/{p}\"}]", EpochUnit.MS);
        assertThat(samples(mapper.map(message("Line 1/a", "1"))))
                .extracting(Sample::asset)
                .containsExactly("Line_1");
        assertThat(mapper.map(message("/a", "1"))).isEmpty();
        assertThat(mapper.fault().orElseThrow()).startsWith("/a: asset: must be letters");
    }

    @Test
    void aLostConnectionIsToldOncePerSignal() {
        Mapper mapper = mapper("[{\"name\":\"{p}\",\"topic\":\"t/{p}\"}]", EpochUnit.MS);
        mapper.map(message("t/a", "1"));
        mapper.map(message("t/b", "2"));
        assertThat(samples(mapper.lost("connection: gone", RECEIVED)))
                .extracting(Sample::parameter, Sample::quality, Sample::reason)
                .containsExactlyInAnyOrder(
                        tuple("a", Quality.BAD, "connection: gone"), tuple("b", Quality.BAD, "connection: gone"));
        assertThat(mapper.lost("connection: gone", RECEIVED)).isEmpty();
    }

    @Test
    void nothingThatCanBeSentMakesItThrow() {
        Mapper mapper = mapper("""
                [{"name":"a","topic":"t","items":"$.a","path":"$.b","time":"$.t","type":"real"},
                 {"name":"{$..n}","topic":"t","path":"$..b"},
                 {"name":"p","topic":"p","format":"plain"},
                 {"name":"c","topic":"c","format":"csv-header","path":"$.x","time":"$.y"},
                 {"name":"{metric}","topic":"spBv1.0/#","format":"sparkplug"}]""", EpochUnit.MS);
        Random random = new Random(7);
        String[] topics = {"t", "p", "c", "spBv1.0/g/NBIRTH/e", "spBv1.0/g/DDATA/e/d", "spBv1.0/", "", "/", "x"};
        String[] starts = {"", "{\"a\":[{\"b\":", "[", "x,y\n1,\"", "{\"a\":1e9999999}", "{\"b\":1,\"n\":[1,2]}"};
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            byte[] start = bytes(starts[random.nextInt(starts.length)]);
            byte[] payload = new byte[start.length + noise.length];
            System.arraycopy(start, 0, payload, 0, start.length);
            System.arraycopy(noise, 0, payload, start.length, noise.length);
            mapper.map(
                    new Message(topics[random.nextInt(topics.length)], i % 2 == 0 ? payload : start, false, RECEIVED));
        }
        assertThat(samples(mapper.map(message("p", "1")))).hasSize(1);
    }

    @Test
    void everythingThatIsWrongWithATableIsToldAtOnce() {
        assertThatThrownBy(() -> mapper("""
                        [{"name":"a","topic":"a/b#","colour":1},
                         {"name":"{x}","topic":"b/{y}","path":"$[","qos":3},
                         {"name":"b","topic":"c/+"},{"name":"b","topic":"c/d"},
                         {"name":"c","topic":"e","format":"plain","path":"$.v"},
                         {"name":"d","topic":"f","format":"csv"},
                         {"name":"e","topic":"spBv1.0/g/DDATA/e/d","format":"sparkplug"},
                         {"name":"h","topic":"$share//g"},
                         {"name":"i","topic":"e","qos":2},
                         {"topic":"i/{a}/{a}"},
                         {"name":"j","topic":"j"},{"name":"j","topic":"j"},
                         {"name":"k","topic":"spBv1.0/z/#","format":"sparkplug"},{"name":"l","topic":"spBv1.0/z/#"}]""", EpochUnit.MS))
                .hasMessageContainingAll(
                        "row 1: topic must have + and {name} for whole levels and # for the last one, got level 'b#'",
                        "row 1: colour is unknown",
                        "row 2: path must be a JSON path",
                        "row 2: name must hold known placeholders, got {x}",
                        "row 2: qos must be 0 to 2, got 3",
                        "row 4: topic must be the same as that of row 3 or take other topics, got 'c/d' beside 'c/+'",
                        "row 5: path does not apply to format plain",
                        "row 6: path must lead to a cell",
                        "row 7: topic must be spBv1.0/#",
                        "row 8: topic must be $share/<group>/<topic>",
                        "row 9: qos must be the same for the same topic, got 2, row 5 has 1",
                        "row 10: name must not be empty",
                        "row 10: topic must name each level differently",
                        "row 12: name must be unique within its topic and asset, got 'j' twice",
                        "row 14: format must be sparkplug for all rows of a topic or for none");
    }

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/+, a/b, true",
        "a/+, a/b/c, false",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "#, a, true",
        "+/+, a/b, true",
        "a/b, a/c, false",
        "$share/g/a/+, a/b, true"
    })
    void filtersTakeTopicsAsTheStandardSays(String filter, String topic, boolean expected) {
        assertThat(TopicFilter.parse(filter).match(topic) != null).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a/+, a/b, true",
        "a/+, +/b, true",
        "a/#, a, true",
        "a/#, b/#, false",
        "a/+, a/b/c, false",
        "#, x/y, true",
        "a/+/c, a/b/d, false",
        "$share/g/a/b, a/b, true"
    })
    void filtersOverlapWhereATopicIsTakenByBoth(String one, String other, boolean expected) {
        assertThat(TopicFilter.parse(one).overlaps(TopicFilter.parse(other))).isEqualTo(expected);
        assertThat(TopicFilter.parse(other).overlaps(TopicFilter.parse(one))).isEqualTo(expected);
    }

    private Mapper mapper(String rows, EpochUnit epochUnit) {
        return new Mapper(Row.readAll(json(rows)), epochUnit, counts, (topic, command) -> {});
    }

    private List<Sample> samples(String rows, String topic, String payload) {
        return samples(mapper(rows, EpochUnit.MS).map(message(topic, payload)));
    }

    private Sample one(String rows, String topic, String payload) {
        List<Sample> samples = samples(rows, topic, payload);
        assertThat(samples).hasSize(1);
        return samples.get(0);
    }

    static List<Sample> samples(List<Observation> observations) {
        List<Sample> samples = new ArrayList<>();
        for (Observation observation : observations) {
            if (observation instanceof Sample sample) {
                samples.add(sample);
            }
        }
        return samples;
    }

    private static List<Observation> events(List<Observation> observations) {
        return observations.stream().filter(StateChange.class::isInstance).toList();
    }

    private static StateChange change(Value.@org.jspecify.annotations.Nullable Flag before, boolean now) {
        return new StateChange(null, null, "running", before, new Value.Flag(now), Quality.GOOD, null, RECEIVED);
    }

    private static Message message(String topic, String payload) {
        return new Message(topic, bytes(payload), false, RECEIVED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
