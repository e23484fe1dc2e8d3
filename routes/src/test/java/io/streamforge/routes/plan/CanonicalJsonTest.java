package io.streamforge.routes.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void sortsNamesAndDropsWhiteSpace() throws Exception {
        assertThat(text("{ \"b\" : [ 1, true, null ], \"a\" : { \"ä\":\"x\\u000a\\\"\" , \"B\":{} } }"))
                .isEqualTo("{\"a\":{\"B\":{},\"ä\":\"x\\n\\\"\"},\"b\":[1,true,null]}");
    }

    @Test
    void writesEqualNumbersEqually() throws Exception {
        assertThat(text("[1.0, 1, 1e0, 0.10, 1E3, -0.0, 0.1, 12345678901234567890]"))
                .isEqualTo("[1,1,1,0.1,1000,0,0.1,12345678901234567890]");
    }

    @Test
    void hashIsSha256OfTheText() throws Exception {
        assertThat(CanonicalJson.hash(new JsonMapper().readTree("[]")))
                .isEqualTo("sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945");
    }

    private static String text(String json) throws Exception {
        return CanonicalJson.text(new JsonMapper()
                .enable(com.fasterxml.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .readTree(json));
    }
}
