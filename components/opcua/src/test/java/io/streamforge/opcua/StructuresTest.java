package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.opcua.Structures.Undecodable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StructuresTest {

    private static final int DEEP = 100_000;

    private static final Structures TYPES = new Structures(new Requests(
            OpcUaConfig.parse(JsonNodeFactory.instance
                    .objectNode()
                    .put("url", "opc.tcp://127.0.0.1:4840")
                    .put("security", "none")),
            () -> null));

    @Test
    void aValueIsOpenedToADepthAndNoFurther() {
        Object value = 1;
        for (int i = 0; i < DEEP; i++) {
            value = new Object[] {value};
        }
        @Nullable Object opened = TYPES.open(value);
        int depth = 0;
        while (opened instanceof Object[] array) {
            opened = array[0];
            depth++;
        }
        assertThat(opened).isEqualTo(new Undecodable("it is deeper than 64 structures"));
        assertThat(depth).isEqualTo(65);
    }

    @Test
    void aPlainValueStaysAsItIs() {
        assertThat(TYPES.open(1.5)).isEqualTo(1.5);
        assertThat(TYPES.open(null)).isNull();
    }
}
