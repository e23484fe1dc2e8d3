package io.streamforge.controlplane.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class CanonicalJsonTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"b\":1,\"a\":[true,null]} | {\"a\":[true,null],\"b\":1}",
                "[1.0, 1e0, 100, 1E2, 0.10, -0.0, 0] | [1,1,100,100,0.1,0,0]",
                "[0.1, 1e-7, 12345678901234567890] | [0.1,0.0000001,12345678901234567890]",
                "\"\\u00e9\\n\\\"\\u0001/\" | \"é\\n\\\"\\u0001/\"",
                "{} | {}"
            })
    void equalJsonHasOneText(String given, String canonical) {
        assertThat(CanonicalJson.text(JSON.readTree(given))).isEqualTo(canonical);
    }

    @Test
    void hashIsSha256OfTheTextInUtf8() {
        // printf '[]' | sha256sum
        assertThat(CanonicalJson.hash(JSON.readTree(" [ ] ")))
                .isEqualTo("sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945");
    }
}
