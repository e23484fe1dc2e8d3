package io.streamforge.adapter.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.payload.PayloadMapping.Fault;
import io.streamforge.adapter.payload.PayloadMapping.Found;
import io.streamforge.adapter.payload.PayloadMapping.Result;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadMappingTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.000123Z");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Test
    void aRowFindsItsValueWithTimeScaleAndUnit() {
        Result result = read(
                "[{'name':'temperature','path':'$.t.raw','time':'$.ts','scale':0.1,'offset':-5,'unit':'Cel','asset':'press-07'}]",
                "{'t':{'raw':241},'ts':1763632800000.25,'other':[1,2]}");
        assertThat(result.faults()).isEmpty();
        assertThat(result.found())
                .containsExactly(new Found(
                        0,
                        new Sample(
                                "press-07",
                                "temperature",
                                new Value.Real(19.1),
                                "Cel",
                                Classification.TELEMETRY,
                                Quality.GOOD,
                                null,
                                Instant.parse("2025-11-20T10:00:00.000250Z"),
                                NOW)));
    }

    @Test
    void eachElementOfAListIsAReadingThatMayNameItself() {
        Result result = read(
                "[{'name':'{kind}.{$.id}','asset':'{$.machine}','items':'$.data[*].samples','path':'$.v','time':'$.at'}]",
                """
                {"data":[{"samples":[{"id":"a","machine":"m-1","v":1,"at":"2026-11-20T09:59:59Z"},
                                     {"id":"b","machine":"m-2","v":true}]},
                         {"samples":[{"id":"c","machine":"m-1","v":"on"}]}]}""");
        assertThat(result.faults()).isEmpty();
        assertThat(result.found())
                .extracting(found -> found.sample().parameter())
                .containsExactly("line.a", "line.b", "line.c");
        assertThat(result.found()).extracting(found -> found.sample().asset()).containsExactly("m-1", "m-2", "m-1");
        assertThat(values(result)).containsExactly(new Value.Whole(1), new Value.Flag(true), new Value.Text("on"));
        assertThat(result.found().get(0).sample().deviceTime()).isEqualTo(Instant.parse("2026-11-20T09:59:59Z"));
        assertThat(result.found().get(1).sample().deviceTime()).isNull();
    }

    @Test
    void aPathMayPickOneOfAListByWhatItHolds() {
        String table = "[{'name':'a','path':\"$.sensors[?(@.id=='T1')].value\"}]";
        assertThat(values(read(table, "{'sensors':[{'id':'T0','value':1},{'id':'T1','value':2.5}]}")))
                .containsExactly(new Value.Real(2.5));
        assertThat(read(table, "{'sensors':[{'id':'T1','value':1},{'id':'T1','value':2}]}")
                        .faults())
                .containsExactly(new Fault(0, false, "value: leads to 2 places"));
        assertThat(read(table, "{'sensors':[]}").faults())
                .containsExactly(new Fault(0, true, "value: $.sensors[?(@.id=='T1')].value is missing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "auto|24|Whole[value=24]",
                "auto|24.0|Real[value=24.0]",
                "auto|9223372036854775808|Real[value=9.223372036854776E18]",
                "auto|'24'|Text[value=24]",
                "auto|false|Flag[value=false]",
                "real|24|Real[value=24.0]",
                "real|' 24.5 '|Real[value=24.5]",
                "integer|24.0|Whole[value=24]",
                "integer|'-7'|Whole[value=-7]",
                "bool|1|Flag[value=true]",
                "bool|'False'|Flag[value=false]",
                "text|24|Text[value=24]",
            })
    void aValueBecomesItsType(String type, String json, String expected) {
        assertThat(values(read("[{'name':'a','path':'$.v','type':'%s'}]".formatted(type), "{'v':%s}".formatted(json))))
                .extracting(Value::toString)
                .containsExactly(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "real|'warm'|value: must be a number, got 'warm'",
                "real|1e999|value: must fit a 64-bit number, got 1E+999",
                "integer|24.5|value: must be a whole number of 64 bits, got 24.5",
                "integer|1e999999999|value: must be a whole number of 64 bits, got 1E+999999999",
                "bool|'maybe'|value: must be true, false, 1 or 0, got 'maybe'",
                "auto|[1]|value: must be a number, true, false or a text, got [1]",
                "auto|null|value: $.v is missing",
            })
    void aValueOfNoUseIsAFaultOfItsRow(String type, String json, String reason) {
        Result result = read("[{'name':'a','path':'$.v','type':'%s'}]".formatted(type), "{'v':%s}".formatted(json));
        assertThat(result.found()).isEmpty();
        assertThat(result.faults()).extracting(Fault::reason).containsExactly(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'yesterday'|time: must be ISO 8601 with a zone, for instance 2026-11-20T08:15:00.250Z, or a number in s, got 'yesterday'",
                "1763632800000|time: must lie between 1970 and 2200, got 1763632800000 taken as s",
                "1e999999999|time: must be ISO 8601 with a zone, for instance 2026-11-20T08:15:00.250Z, or a number in s, got '1E+999999999'",
            })
    void aTimeOfNoUseIsAFault(String time, String reason) {
        Result result = mapping("[{'name':'a','path':'$.v','time':'$.t'}]", EpochUnit.S)
                .read(json("{'v':1,'t':%s}".formatted(time)), name -> null, NOW);
        assertThat(result.found()).isEmpty();
        assertThat(result.faults()).extracting(Fault::reason).containsExactly(reason);
    }

    @Test
    void namesThatARecordCannotCarryAreFaults() {
        assertThat(read("[{'name':'{$.n}','path':'$.v'}]", "{'v':1,'n':'a/b'}").faults())
                .extracting(Fault::reason)
                .containsExactly("name: must hold no slash and at most 200 characters, got 'a/b'");
        assertThat(read("[{'name':'a','asset':'{$.n}','path':'$.v'}]", "{'v':1,'n':'ä'}")
                        .faults())
                .extracting(Fault::reason)
                .containsExactly("asset: must be letters, digits, . _ - and at most 128 characters, got 'ä'");
        assertThat(read("[{'name':'{$.n}','path':'$.v'}]", "{'v':1}").faults())
                .extracting(Fault::reason)
                .containsExactly("name: a placeholder of the name leads nowhere");
    }

    @Test
    void everythingWrongWithATableIsTold() {
        assertThatThrownBy(() -> mapping(
                        "[{'name':'{area}','path':'$.['},{'name':'b','type':'date','scale':0},{'name':'c','path':'$','type':'bool','offset':1,'x':1}]",
                        EpochUnit.MS))
                .hasMessageStartingWith(
                        "Test points: row 1: name must hold known placeholders, got {area}, known are a JSON path such as {$.id}, {kind};")
                .hasMessageContaining("row 1: path must be a JSON path such as $.data[0].value, got '$.['")
                .hasMessageContaining("row 2: path must not be empty")
                .hasMessageContaining("row 2: type must be one of auto, real, integer, bool, text, got 'date'")
                .hasMessageContaining("row 2: scale must not be 0")
                .hasMessageContaining("row 3: x is unknown")
                .hasMessageContaining("row 3: scale and offset do not apply to bool");
    }

    @Test
    void aPointBeginsToFailOnceWhileListsAreCounted() throws IOException {
        PayloadBook book = new PayloadBook(mapping(
                "[{'name':'{$.id}','items':'$.list','path':'$.v'},{'name':'a','path':'$.a'},{'name':'b','path':'$.b'}]",
                EpochUnit.MS));
        book.read(bytes("{\"a\":1,\"b\":2,\"list\":[{\"id\":\"x\",\"v\":3},{\"v\":4}]}"), NOW);
        assertThat(told(book)).containsExactly("a GOOD", "b GOOD", "x GOOD");
        assertThat(book.unusable()).isEqualTo(1);
        book.points().confirm();
        for (List<String> expected : List.of(List.of("a GOOD", "b BAD"), List.of("a GOOD"))) {
            book.read(bytes("{\"a\":1,\"list\":[]}"), NOW);
            assertThat(told(book)).isEqualTo(expected);
            book.points().confirm();
        }
        book.fail("connection: gone");
        assertThat(told(book)).containsExactly("a BAD");
        assertThatThrownBy(() -> book.read(bytes("<html>"), NOW))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("not JSON: Unexpected character ('<'");
    }

    @Test
    void aCellOfATableIsReadAsWhatItLooksLike() {
        assertThat(List.of("7", "-7.50", "true", "", " on ", "1e3", "9".repeat(70)))
                .extracting(text -> Scalars.cell(text).toString())
                .containsExactly("7", "-7.50", "true", "null", "\"on\"", "1E+3", "\"" + "9".repeat(70) + "\"");
    }

    private static List<String> told(PayloadBook book) {
        return Observation.samples(book.observations(NOW)).stream()
                .map(sample -> sample.parameter() + " " + sample.quality())
                .toList();
    }

    private static List<Value> values(Result result) {
        return result.found().stream().map(found -> found.sample().value()).toList();
    }

    private static Result read(String table, String document) {
        return mapping(table, EpochUnit.MS).read(json(document), Map.of("kind", "line")::get, NOW);
    }

    private static PayloadMapping mapping(String table, EpochUnit unit) {
        return PayloadMapping.of("Test points", json(table), Set.of("kind"), unit);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.reader()
                    .with(com.fasterxml.jackson.core.JsonParser.Feature.ALLOW_SINGLE_QUOTES)
                    .readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
