package io.streamforge.modbus;

import io.streamforge.modbus.Transport.Serial.Parity;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** {@code modbus-rtu:line}: Modbus RTU on a serial port, or over TCP. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "modbus-rtu",
        title = "Modbus RTU",
        syntax = "modbus-rtu:line",
        consumerOnly = true)
public final class ModbusRtuEndpoint extends ModbusEndpoint {

    static final int DEFAULT_BAUD_RATE = 19_200;
    static final int DEFAULT_STOP_BITS = 1;

    @UriPath(description = "A serial port, or host:port of a converter that passes RTU frames on.")
    private final String line;

    @UriParam(defaultValue = "19200")
    private int baudRate = DEFAULT_BAUD_RATE;

    @UriParam(defaultValue = "even", enums = "none,even,odd")
    private String parity = Parity.EVEN.key();

    @UriParam(defaultValue = "1")
    private int stopBits = DEFAULT_STOP_BITS;

    ModbusRtuEndpoint(String uri, ModbusRtuComponent component, String line) {
        super(uri, component);
        this.line = line;
    }

    @Override
    Transport transport() {
        return Transport.rtu(line, baudRate, choice("parity", parity, Parity.values(), Parity::key), stopBits);
    }

    public void setBaudRate(int baudRate) {
        this.baudRate = baudRate;
    }

    public void setParity(String parity) {
        this.parity = parity;
    }

    public void setStopBits(int stopBits) {
        this.stopBits = stopBits;
    }
}
