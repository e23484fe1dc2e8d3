package io.streamforge.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "json  | {\"set\":[{value}]} | 24.1  | {\"set\":[24.1]}",
                "json  |                     | 24.1  | 24.1",
                "json  |                     | 1e21  | 1000000000000000000000",
                "json  |                     | true  | true",
                "json  |                     | a\"b | \"a\\\"b\"",
                "json  | {\"set\":{value}}   | on    | {\"set\":\"on\"}",
                "plain |                     | on    | on",
                "plain | {\"set\":{value}}   | on    | {\"set\":\"on\"}",
                "plain |                     | false | false"
            })
    void aValueIsWrittenAsItsRowSays(String format, String template, String value, String payload) throws Exception {
        Row row = row("\"format\":\"%s\",\"writable\":true,\"writeTopic\":\"press/set\",\"writeTemplate\":%s"
                .formatted(format, template == null ? "null" : new ObjectMapper().writeValueAsString(template)));
        assertThat(payload(row, value(value))).isEqualTo(payload);
    }

    @Test
    void aValueIsTurnedBackByItsScale() throws Exception {
        String writable = ",\"writable\":true,\"writeTopic\":\"press/set\"";
        assertThat(payload(row("\"scale\":0.1,\"offset\":-40" + writable), new Value.Real(24.1)))
                .isEqualTo("641");
        assertThat(payload(row("\"scale\":0.1" + writable), new Value.Whole(24)))
                .isEqualTo("240");
        assertThatThrownBy(() -> payload(row("\"scale\":3" + writable), new Value.Whole(10)))
                .hasMessage("must be a multiple of scale 3, got 10");
        assertThatThrownBy(() -> payload(row("\"type\":\"integer\"" + writable), new Value.Real(24.5)))
                .hasMessage("must be a whole number of 64 bits, got 24.5");
        assertThatThrownBy(() -> payload(row("\"type\":\"bool\"" + writable), new Value.Whole(2)))
                .hasMessage("must be true, false, 1 or 0, got '2'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"writable\":true | row 1: writeTopic must not be empty",
                "\"writeTopic\":\"a\" | row 1: writeTopic applies to writable rows only",
                "\"writeTemplate\":\"a\" | row 1: writeTemplate applies to writable rows only",
                "\"writable\":true,\"writeTopic\":\"a/+\" | row 1: writeTopic must be one topic, without + # { }, got 'a/+'",
                "\"writable\":true,\"writeTopic\":\"a\",\"writeTemplate\":\"{value\" | row 1: writeTemplate must be JSON with {value} where the value goes, such as {\"set\":{value}}, got '{value'",
                "\"writable\":true,\"writeTopic\":\"a\",\"writeTemplate\":\"7\" | row 1: writeTemplate must be JSON with {value} where",
                "\"writable\":true,\"writeTopic\":\"a\",\"format\":\"csv\",\"path\":\"$[0]\" | row 1: writable does not apply to format csv",
                "\"writable\":true,\"writeTopic\":\"a\",\"items\":\"$.all\" | row 1: writable needs one point, and one topic",
                "\"writable\":true,\"writeTopic\":\"a\",\"writeMin\":\"x\" | row 1: writeMin must be a number"
            })
    void whatCannotBeWrittenIsNamed(String columns, String error) {
        assertThatThrownBy(() -> row(columns)).hasMessageContaining(error);
    }

    @ParameterizedTest
    @CsvSource({"press/+,speed", "press/#,speed", "$share/g/press,speed", "press/{p},{p}", "press/{p},speed"})
    void whoseStateIsNotToldOnOneTopicCannotBeWritten(String topic, String name) {
        assertThatThrownBy(() -> Row.readAll(new ObjectMapper()
                        .readTree("[{\"name\":\"%s\",\"topic\":\"%s\",\"writable\":true,\"writeTopic\":\"a\"}]"
                                .formatted(name, topic))))
                .hasMessageContaining("row 1: writable needs one point, and one topic that tells its state");
    }

    private static Row row(String columns) throws JsonProcessingException {
        return Row.readAll(
                        new ObjectMapper().readTree("[{\"name\":\"speed\",\"topic\":\"press\",%s}]".formatted(columns)))
                .get(0);
    }

    private static String payload(Row row, Value value) {
        return new String(
                Objects.requireNonNull(row.command()).payload(row.payload().leaf(value)), StandardCharsets.UTF_8);
    }

    private static Value value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new Value.Flag(text.equals("true"));
        }
        return Character.isDigit(text.charAt(0)) ? new Value.Real(Double.parseDouble(text)) : new Value.Text(text);
    }
}
