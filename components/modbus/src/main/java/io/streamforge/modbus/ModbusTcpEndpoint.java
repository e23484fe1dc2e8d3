package io.streamforge.modbus;

import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;

/** {@code modbus:host:port}: Modbus TCP. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "modbus",
        title = "Modbus TCP",
        syntax = "modbus:host:port",
        consumerOnly = true)
public final class ModbusTcpEndpoint extends ModbusEndpoint {

    @UriPath(description = "Name or IP address of the device.")
    private final String host;

    @UriPath(defaultValue = "502")
    private final int port;

    ModbusTcpEndpoint(String uri, ModbusComponent component, String host, int port) {
        super(uri, component);
        this.host = host;
        this.port = port;
    }

    @Override
    Transport transport() {
        return new Transport.Tcp(host, port);
    }
}
