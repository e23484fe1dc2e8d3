package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The cases of "Schema Evolution and Compatibility" in Confluent's documentation. */
class CompatibilityTest {

    private static final Schema ORIGINAL = schema("{\"name\":\"a\",\"type\":\"long\"}");
    private static final Schema WITH_OPTIONAL =
            schema("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"long\",\"default\":0}");
    private static final Schema WITH_REQUIRED =
            schema("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"long\"}");

    @Test
    void addedOptionalFieldIsAllowedEverywhere() {
        for (Compatibility level : Compatibility.values()) {
            assertThat(level.conflicts(WITH_OPTIONAL, ORIGINAL)).isEmpty();
        }
    }

    @Test
    void addedRequiredFieldIsOnlyForwardCompatible() {
        assertThat(EnumSet.allOf(Compatibility.class).stream().filter(level -> level.conflicts(WITH_REQUIRED, ORIGINAL)
                        .isEmpty()))
                .containsExactlyInAnyOrder(Compatibility.NONE, Compatibility.FORWARD, Compatibility.FORWARD_TRANSITIVE);
    }

    @Test
    void removedRequiredFieldIsOnlyBackwardCompatible() {
        assertThat(EnumSet.allOf(Compatibility.class).stream().filter(level -> level.conflicts(ORIGINAL, WITH_REQUIRED)
                        .isEmpty()))
                .containsExactlyInAnyOrder(
                        Compatibility.NONE, Compatibility.BACKWARD, Compatibility.BACKWARD_TRANSITIVE);
    }

    @Test
    void saysWhatIsInTheWay() {
        assertThat(Compatibility.BACKWARD.conflicts(WITH_REQUIRED, ORIGINAL))
                .containsExactly(
                        "The new schema cannot read what the earlier one wrote: reader field missing default value at /fields/1 (b).");
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }
}
