package io.streamforge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.http.Refusal.Fault;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {

    private static final Instant RECEIVED = Instant.parse("2026-11-20T08:15:01Z");
    private static final Mapping DEFAULTS =
            new Mapping("asset", "parameter", "value", "unit", "timestamp", EpochUnit.MS);

    @Test
    void aJsonObjectIsAReading() throws Exception {
        Sample sample = one(Format.JSON, """
                {"asset":"press-07","parameter":"temperature","value":24.1,"unit":"Cel","timestamp":"2026-11-20T09:15:00.250+01:00","batch":7}""");
        assertThat(sample.asset()).isEqualTo("press-07");
        assertThat(sample.parameter()).isEqualTo("temperature");
        assertThat(sample.value()).isEqualTo(new Value.Real(24.1));
        assertThat(sample.unit()).isEqualTo("Cel");
        assertThat(sample.quality()).isEqualTo(Quality.GOOD);
        assertThat(sample.deviceTime()).isEqualTo(Instant.parse("2026-11-20T08:15:00.250Z"));
        assertThat(sample.gatewayTime()).isEqualTo(RECEIVED);
    }

    @Test
    void aJsonArrayIsManyAndWhatMayBeMissingMay() throws Exception {
        List<Sample> samples = read(Format.JSON, """
                [{"parameter":"a","value":1},{"parameter":"b","value":true,"asset":null},{"parameter":"c","value":"AUTO"}]""");
        assertThat(samples.stream().map(Sample::value))
                .containsExactly(new Value.Whole(1), new Value.Flag(true), new Value.Text("AUTO"));
        assertThat(samples.stream().map(Sample::asset)).containsOnlyNulls();
        assertThat(samples.stream().map(Sample::deviceTime)).containsOnlyNulls();
    }

    @Test
    void aJsonObjectWithAnEventTypeIsAnEvent() throws Exception {
        Readings readings = new Readings(DEFAULTS, 10, RECEIVED);
        Format.JSON.read(bytes("""
                [{"event_type":"door","new_state":"open","previous_state":"closed","event_id":"e-7","asset":"press-07","timestamp":"2026-11-20T08:15:00Z"},
                 {"event_type":"running","new_state":true,"previous_state":null},
                 {"parameter":"a","value":1}]"""), EpochUnit.NS, readings);
        assertThat(readings.finish())
                .startsWith(
                        new StateChange(
                                "e-7",
                                "press-07",
                                "door",
                                new Value.Text("closed"),
                                new Value.Text("open"),
                                Quality.GOOD,
                                Instant.parse("2026-11-20T08:15:00Z"),
                                RECEIVED),
                        new StateChange(
                                null, null, "running", null, new Value.Flag(true), Quality.GOOD, null, RECEIVED))
                .hasSize(3);
    }

    @Test
    void anEventNeedsATypeAndAStateThatCanBeOne() {
        Refusal refusal = refused(
                Format.JSON,
                "[{\"event_type\":\"\",\"new_state\":1},{\"event_type\":\"t\"},{\"event_type\":\"t\",\"new_state\":1e999,\"previous_state\":[]}]");
        assertThat(refusal.faults().stream().map(Fault::pointer))
                .containsExactly("/0/event_type", "/1/new_state", "/2/previous_state", "/2/new_state");
    }

    @Test
    void fieldsHaveTheNamesThatAreMapped() throws Exception {
        Mapping mapping = new Mapping("machine", "tag", "v", "uom", "t", EpochUnit.S);
        Readings readings = new Readings(mapping, 10, RECEIVED);
        Format.JSON.read(
                bytes("{\"machine\":\"m-1\",\"tag\":\"speed\",\"v\":3,\"uom\":\"m/s\",\"t\":1763712000.25}"),
                EpochUnit.NS,
                readings);
        Sample sample = (Sample) readings.finish().get(0);
        assertThat(sample.asset()).isEqualTo("m-1");
        assertThat(sample.parameter()).isEqualTo("speed");
        assertThat(sample.unit()).isEqualTo("m/s");
        assertThat(sample.deviceTime()).isEqualTo(Instant.parse("2025-11-21T08:00:00.25Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, whole",
        "-9223372036854775808, whole",
        "9223372036854775808, real",
        "5.0, real",
        "1e3, real",
        "-0.5, real"
    })
    void aNumberIsWholeWhereItIsWrittenSoAndFits(String number, String kind) throws Exception {
        for (Sample sample : List.of(
                one(Format.JSON, "{\"parameter\":\"a\",\"value\":%s}".formatted(number)),
                one(Format.CSV, "parameter,value\na,%s\n".formatted(number)))) {
            if (kind.equals("whole")) {
                assertThat(sample.value()).isEqualTo(new Value.Whole(Long.parseLong(number)));
            } else {
                assertThat(sample.value()).isEqualTo(new Value.Real(Double.parseDouble(number)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "S, 1763712000, 2025-11-21T08:00:00Z",
        "S, 1763712000.123456, 2025-11-21T08:00:00.123456Z",
        "MS, 1763712000250, 2025-11-21T08:00:00.250Z",
        "US, 1763712000250001, 2025-11-21T08:00:00.250001Z",
        "NS, 1763712000250001999, 2025-11-21T08:00:00.250001Z"
    })
    void anEpochCountsItsUnitAndIsCutToMicroseconds(EpochUnit unit, String number, Instant expected) throws Exception {
        Mapping mapping = new Mapping("asset", "parameter", "value", "unit", "timestamp", unit);
        for (Format format : List.of(Format.JSON, Format.CSV)) {
            Readings readings = new Readings(mapping, 10, RECEIVED);
            format.read(
                    bytes(
                            format == Format.JSON
                                    ? "{\"parameter\":\"a\",\"value\":1,\"timestamp\":%s}".formatted(number)
                                    : "parameter,value,timestamp\na,1,%s\n".formatted(number)),
                    EpochUnit.NS,
                    readings);
            assertThat(((Sample) readings.finish().get(0)).deviceTime()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"2026-11-20T08:15:00\"",
                "\"yesterday\"",
                "1763712000250001",
                "-5",
                "1e99",
                "1e999999999",
                "1e-999999999",
                "true",
                "\"+1000000000-12-31T23:59:59Z\""
            })
    void aTimestampThatCannotBeOneIsAFault(String timestamp) {
        Refusal refusal =
                refused(Format.JSON, "[{\"parameter\":\"a\",\"value\":1,\"timestamp\":%s}]".formatted(timestamp));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.faults()).hasSize(1);
        assertThat(refusal.faults().get(0).pointer()).isEqualTo("/0/timestamp");
    }

    @Test
    void everyFaultIsToldByItsPlaceAndNothingIsTaken() {
        Refusal json = refused(Format.JSON, """
                [{"parameter":"a","value":1},{"parameter":"","value":null,"asset":"no spaces please"},7,{"parameter":"b/c","value":[1]}]""");
        assertThat(json.detail()).isEqualTo("3 of 4 readings cannot be used, so none was taken.");
        assertThat(json.faults().stream().map(Fault::pointer))
                .containsExactly("/1/value", "/1/asset", "/1/parameter", "/2", "/3/value", "/3/parameter");
        Refusal csv = refused(Format.CSV, "parameter,value\na,1\nb\nc,\n");
        assertThat(csv.faults())
                .containsExactly(
                        new Fault(null, 3, null, "A line must have 2 columns, got 1."),
                        new Fault(null, 4, "value", "value is missing."));
    }

    @Test
    void moreFaultsThanAPersonReadsAreCountedOnly() {
        Refusal refusal = refused(Format.JSON, "[" + "{},".repeat(99) + "{}]");
        assertThat(refusal.detail()).startsWith("100 of 100");
        assertThat(refusal.faults()).hasSize(Readings.MOST_FAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1}}", "[1,", "nonsense", "[]", "{\"parameter\":\"a\",\"value\":NaN}"})
    void whatIsNotJsonIsRefused(String body) {
        assertThat(refused(Format.JSON, body).status()).isEqualTo(400);
    }

    @Test
    void deeplyNestedJsonIsRefusedWithoutHarm() {
        assertThat(refused(Format.JSON, "[".repeat(500_000)).status()).isEqualTo(400);
    }

    @Test
    void csvFollowsItsHeadWithQuotesAndColumnsInAnyOrder() throws Exception {
        List<Sample> samples = read(
                Format.CSV,
                "value,asset,comment,parameter,unit,timestamp\r\n"
                        + "24.1,press-07,\"hot, very\",temperature,Cel,2026-11-20T08:15:00Z\r\n"
                        + "\r\n"
                        + "\"a \"\"b\"\"\",,,mode,,\r\n"
                        + "TRUE,,,running,,\r\n");
        assertThat(samples).hasSize(3);
        assertThat(samples.get(0).asset()).isEqualTo("press-07");
        assertThat(samples.get(0).deviceTime()).isEqualTo(Instant.parse("2026-11-20T08:15:00Z"));
        assertThat(samples.get(1).value()).isEqualTo(new Value.Text("a \"b\""));
        assertThat(samples.get(1).asset()).isNull();
        assertThat(samples.get(2).value()).isEqualTo(new Value.Flag(true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "parameter,x\na,1\n", "value\n1\n", "parameter,value\n", "parameter,value\na,NaN\n"})
    void csvWithoutItsColumnsOrReadingsIsRefused(String body) {
        assertThat(refused(Format.CSV, body).status()).isEqualTo(400);
    }

    /** The examples of "InfluxDB v2: Line protocol". */
    @Test
    void lineProtocolMakesAReadingOfEachField() throws Exception {
        List<Sample> samples = read(
                Format.LINES,
                "# comment\n\n"
                        + "press,asset=press-07,unit=Cel temperature=24.1,count=15i,big=15u 1763712000250001999\n"
                        + "temperature,asset=press-07 value=24.1\r\n"
                        + "cpu,host=a\\ b,core=1 usage=.5,ok=t,off=FALSE,text=\"say \\\"hi\\\", \\\\ a=b\"");
        assertThat(samples.stream().map(Sample::parameter))
                .containsExactly(
                        "press.temperature",
                        "press.count",
                        "press.big",
                        "temperature",
                        "cpu.usage,core=1,host=a b",
                        "cpu.ok,core=1,host=a b",
                        "cpu.off,core=1,host=a b",
                        "cpu.text,core=1,host=a b");
        assertThat(samples.stream().map(Sample::value))
                .containsExactly(
                        new Value.Real(24.1),
                        new Value.Whole(15),
                        new Value.Whole(15),
                        new Value.Real(24.1),
                        new Value.Real(0.5),
                        new Value.Flag(true),
                        new Value.Flag(false),
                        new Value.Text("say \"hi\", \\ a=b"));
        assertThat(samples.get(0).unit()).isEqualTo("Cel");
        assertThat(samples.get(0).asset()).isEqualTo("press-07");
        assertThat(samples.get(0).deviceTime()).isEqualTo(Instant.parse("2025-11-21T08:00:00.250001Z"));
        assertThat(samples.get(3).deviceTime()).isNull();
    }

    @Test
    void lineProtocolTakesTheParameterFromTheTagThatIsMappedToIt() throws Exception {
        assertThat(read(Format.LINES, "readings,parameter=speed value=1,max=2").stream()
                        .map(Sample::parameter))
                .containsExactly("speed", "speed.max");
    }

    @Test
    void lineProtocolNamesTheLineOfEachFault() {
        Refusal refusal =
                refused(Format.LINES, "a value=1\nb\nc value=nonsense\nd,=x value=1\ne value=\"open\nf value=1 2 3\n");
        assertThat(refusal.faults().stream().map(Fault::line)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void lineProtocolMustBeUtf8() {
        Readings readings = new Readings(DEFAULTS, 10, RECEIVED);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> Format.LINES.read(new byte[] {'a', ' ', (byte) 0xFF}, EpochUnit.NS, readings));
        assertThat(refused).hasMessage("The body is not UTF-8.");
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, JSON",
        "application/json; charset=utf-8, JSON",
        "TEXT/CSV, CSV",
        "text/plain;charset=utf-8, LINES",
        "application/x-www-form-urlencoded, ",
    })
    void theMediaTypeTellsTheFormat(String contentType, @Nullable Format format) {
        assertThat(Format.of(contentType).orElse(null)).isEqualTo(format);
    }

    @Test
    void moreReadingsThanAllowedAreRefusedAsTooLarge() {
        Readings readings = new Readings(DEFAULTS, 2, RECEIVED);
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> Format.LINES.read(bytes("a value=1,b=2,c=3"), EpochUnit.NS, readings));
        assertThat(refused.refusal().status()).isEqualTo(413);
    }

    private static Sample one(Format format, String body) throws RefusedException {
        List<Sample> samples = read(format, body);
        assertThat(samples).hasSize(1);
        return samples.get(0);
    }

    private static List<Sample> read(Format format, String body) throws RefusedException {
        Readings readings = new Readings(DEFAULTS, 1000, RECEIVED);
        format.read(bytes(body), EpochUnit.NS, readings);
        return readings.finish().stream().map(Sample.class::cast).toList();
    }

    private static Refusal refused(Format format, String body) {
        return Objects.requireNonNull(catchThrowableOfType(RefusedException.class, () -> read(format, body)), body)
                .refusal();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
