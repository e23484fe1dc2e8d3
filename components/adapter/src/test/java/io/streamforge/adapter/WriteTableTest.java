package io.streamforge.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Value;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteTableTest {

    @Test
    void nothingIsWritableUnlessItsRowSaysSo() throws JsonProcessingException {
        WriteTable table = table("""
                [{"name":"a"},{"name":"b","writable":false,"writeMin":1},{"name":"c","writable":null},{"name":"d","writable":true}]""");
        assertThat(table.rule(0)).isEmpty();
        assertThat(table.rule(1)).isEmpty();
        assertThat(table.rule(2)).isEmpty();
        assertThat(table.rule(3)).contains(new WriteRule(null, null, Duration.ZERO, null));
    }

    @Test
    void aPointIsFoundByItsAssetAndName() throws JsonProcessingException {
        WriteTable table = table("[{\"name\":\"a\"},{\"name\":\"a\",\"asset\":\"pump\"}]");
        assertThat(table.row("press", "press", "a")).hasValue(0);
        assertThat(table.row("pump", "press", "a")).hasValue(1);
        assertThat(table.row("pump", "pump", "a")).hasValue(0);
        assertThat(table.row("press", "press", "b")).isEmpty();
        assertThat(table.name(1)).isEqualTo("a");
    }

    @Test
    void aMethodSaysWhatItIsCalledWith() throws JsonProcessingException {
        WriteTable table = table("""
                [{"name":"a"},{"name":"b","method":true},{"name":"c","method":true,"arguments":"recipe name, count 1..100,speed -0.5.., heat ..9, steps[] 0..200"}]""");
        assertThat(table.arguments(0)).isEmpty();
        assertThat(table.arguments(1)).hasValue(List.of());
        assertThat(table.arguments(2).orElseThrow())
                .extracting(MethodArgument::name)
                .containsExactly("recipe name", "count", "speed", "heat", "steps");
        assertThat(table.arguments(2).orElseThrow())
                .extracting(argument ->
                        argument.refusal(List.of(new Value.Whole(101))).orElse("taken"))
                .containsExactly(
                        "taken", "must be at most 100, got 101", "taken", "must be at most 9, got 101", "taken");
        assertThat(table.arguments(2).orElseThrow())
                .extracting(argument -> argument.refusal(List.of(new Value.Whole(5), new Value.Whole(201)))
                        .orElse("taken"))
                .containsExactly(
                        "must be one value, got 2",
                        "must be one value, got 2",
                        "must be one value, got 2",
                        "must be one value, got 2",
                        "must be at most 200, got 201");
        assertThat(table.arguments(2).orElseThrow())
                .extracting(MethodArgument::several)
                .containsExactly(false, false, false, false, true);
    }

    @Test
    void everythingWrongIsNamedAtOnce() {
        assertThatThrownBy(() -> table("""
                        [{"name":"a","writable":"yes"},
                         {"name":"b","writable":true,"writeMin":5,"writeMax":4,"writeIntervalMs":-1},
                         {"name":"c","writable":true,"writeMin":"x","writeIf":"nobody","writeIfValue":1},
                         {"name":"d","writable":true,"writeIf":"a"},
                         {"name":"e","writable":true,"writeIfValue":"true"}]"""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1: writable must be true or false, got \"yes\"; "
                        + "row 2: writeMin must be at most writeMax 4, got 5; "
                        + "row 2: writeIntervalMs must be 0 to 86400000, got -1; "
                        + "row 3: writeMin must be a number, got \"x\"; "
                        + "row 3: writeIf must be the name of a point of the same asset, or <asset>/<name>, got 'nobody'; "
                        + "row 4: writeIfValue is missing, writeIf says of which point; "
                        + "row 5: writeIf is missing, writeIfValue says what it must be.");
    }

    @Test
    void aTableWithTheseColumnsIsCheckedAsItIsRead() {
        Set<String> fields = new HashSet<>(WriteTable.COLUMNS);
        fields.add("name");
        assertThatThrownBy(() -> TableRow.readAll(
                        "Bench points",
                        new ObjectMapper().readTree("[{\"name\":\"a\",\"writable\":1}]"),
                        fields,
                        TableRow::name))
                .hasMessage("Bench points: row 1: writable must be true or false, got 1.");
    }

    @Test
    void anInterlockNamesAPointOfTheSameAssetOrAnyWithItsAsset() throws JsonProcessingException {
        WriteTable table = table("""
                [{"name":"run","asset":"other"},{"name":"run"},
                 {"name":"speed","writable":true,"writeIf":"run","writeIfValue":"true","writeIntervalMs":5000},
                 {"name":"level","writable":true,"writeIf":"other/run","writeIfValue":3}]""");
        assertThat(table.rule(2))
                .contains(new WriteRule(
                        null, null, Duration.ofSeconds(5), new WriteRule.Interlock(1, new Value.Flag(true))));
        assertThat(table.rule(3))
                .contains(new WriteRule(null, null, Duration.ZERO, new WriteRule.Interlock(0, new Value.Real(3))));
    }

    @Test
    void anInterlockHoldsForTheSameWorthAndNeverForNoValue() {
        WriteRule.Interlock three = new WriteRule.Interlock(0, new Value.Real(3));
        assertThat(three.holds(new Value.Whole(3))).isTrue();
        assertThat(three.holds(new Value.Real(3.0))).isTrue();
        assertThat(three.holds(new Value.Real(3.1))).isFalse();
        assertThat(three.holds(new Value.Text("3"))).isFalse();
        assertThat(three.holds(null)).isFalse();
        WriteRule.Interlock auto = new WriteRule.Interlock(0, new Value.Text("AUTO"));
        assertThat(auto.holds(new Value.Text("AUTO"))).isTrue();
        assertThat(auto.holds(new Value.Text("MAN"))).isFalse();
        assertThat(new WriteRule.Interlock(0, new Value.Flag(true)).holds(new Value.Flag(false)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "10, -",
                "10.5, -",
                "20, -",
                "9.99, 'must be at least 10, got 9.99'",
                "20.01, 'must be at most 20, got 20.01'",
                "NaN, 'must be a number, got NaN'"
            })
    void aRangeIncludesItsLimits(double value, String refusal) throws JsonProcessingException {
        WriteTable table = table("[{\"name\":\"a\",\"writable\":true,\"writeMin\":10,\"writeMax\":20}]");
        assertThat(table.rule(0).orElseThrow().refusal(new Value.Real(value)).orElse(null))
                .isEqualTo(refusal);
    }

    @Test
    void aRangeIsForNumbers() throws JsonProcessingException {
        WriteRule rule = table("[{\"name\":\"a\",\"writable\":true,\"writeMax\":20}]")
                .rule(0)
                .orElseThrow();
        assertThat(rule.refusal(new Value.Text("20"))).contains("must be a number, got '20'");
        assertThat(rule.refusal(new Value.Flag(true))).contains("must be a number, got true");
        assertThat(rule.refusal(new Value.Whole(21))).contains("must be at most 20, got 21");
    }

    private static WriteTable table(String json) throws JsonProcessingException {
        return WriteTable.read(new ObjectMapper().readTree(json));
    }
}
