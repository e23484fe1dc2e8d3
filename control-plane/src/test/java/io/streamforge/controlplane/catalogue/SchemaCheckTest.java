package io.streamforge.controlplane.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SchemaCheckTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SCHEMA = """
            {"type":"object","required":["host"],"additionalProperties":false,"properties":{
              "host":{"type":"string","pattern":"^[a-z.]+$","maxLength":20},
              "port":{"type":"integer","minimum":1,"maximum":65535},
              "mode":{"enum":["fast","slow"]},
              "password":{"type":"string","format":"password"},
              "list":{"type":"array","minItems":1,"items":{"type":"number"}}}}""";

    private static List<String> check(String value) {
        return SchemaCheck.check(JSON.readTree(SCHEMA), JSON.readTree(value), "/parameters").stream()
                .map(p -> p.pointer() + ": " + p.message())
                .toList();
    }

    @Test
    void saysWhatIsWrongWhereAndWhatItGot() {
        assertThat(check("{\"host\":\"UP\",\"port\":0,\"mode\":\"odd\",\"list\":[1,\"x\"],\"hots\":1}"))
                .containsExactlyInAnyOrder(
                        "/parameters/host: host must match ^[a-z.]+$, got \"UP\".",
                        "/parameters/port: port must be at least 1, got 0.",
                        "/parameters/mode: mode must be one of [\"fast\",\"slow\"], got \"odd\".",
                        "/parameters/list/1: 1 must be number, got \"x\".",
                        "/parameters/hots: hots is not known here.");
        assertThat(check("{\"list\":[]}"))
                .containsExactlyInAnyOrder(
                        "/parameters/host: host is missing.", "/parameters/list: list must have at least 1 entries.");
    }

    @Test
    void secretReferenceStandsWhereATextIsWanted() {
        assertThat(check("{\"host\":{\"$secret\":\"the.host\"},\"password\":{\"$secret\":\"p\"}}"))
                .isEmpty();
    }

    @Test
    void passwordInTheClearIsRefusedWithoutRepeatingIt() {
        assertThat(check("{\"host\":\"a\",\"password\":\"hunter2\"}"))
                .containsExactly("/parameters/password: password must be a reference {\"$secret\": \"name\"}:"
                        + " the control plane keeps no secrets.");
    }
}
