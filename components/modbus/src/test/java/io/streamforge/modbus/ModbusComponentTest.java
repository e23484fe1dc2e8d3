package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModbusComponentTest {

    private final CamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        var points = JsonNodeFactory.instance.arrayNode();
        points.addObject().put("name", "a").put("address", 40001);
        context.getRegistry().bind("points", points);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plc-7:1502", "192.168.10.21", "[::1]:1502", "[fe80::1]"})
    void takesANameOrAnAddressWithOrWithoutAPort(String device) {
        assertThatCode(() -> context.getEndpoint("modbus:" + device + "?points=#bean:points"))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAPortThatIsNone() {
        assertThatThrownBy(() -> context.getEndpoint("modbus:plc-7:http?points=#bean:points"))
                .rootCause()
                .hasMessageContaining("http");
    }

    @Test
    void refusesAMissingPointTable() {
        assertThatThrownBy(() -> context.getEndpoint("modbus:plc-7"))
                .rootCause()
                .hasMessage("Modbus points: points must be a list with at least one point.");
    }

    @Test
    void refusesAnOptionItDoesNotHave() {
        assertThatThrownBy(() -> context.getEndpoint("modbus:plc-7?points=#bean:points&pollInterval=5"))
                .hasMessageContaining("pollInterval");
    }
}
