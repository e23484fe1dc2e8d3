package io.streamforge.modbus;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Creates {@code modbus:host:port} endpoints. */
@Component("modbus")
public final class ModbusComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int colon = remaining.lastIndexOf(':');
        boolean hasPort = colon >= 0 && remaining.indexOf(']', colon) < 0;
        String host = hasPort ? remaining.substring(0, colon) : remaining;
        int port = ModbusConfig.DEFAULT_PORT;
        if (hasPort) {
            try {
                port = Integer.parseInt(remaining.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "Modbus device '%s': port must be a number from 1 to 65535.".formatted(remaining), e);
            }
        }
        ModbusTcpEndpoint endpoint = new ModbusTcpEndpoint(uri, this, host, port);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
