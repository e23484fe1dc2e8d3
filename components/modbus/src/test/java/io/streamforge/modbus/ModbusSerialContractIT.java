package io.streamforge.modbus;

import io.streamforge.modbus.peers.PtyPair;
import org.jspecify.annotations.Nullable;

/** Modbus RTU on a serial port, at whose other end is pymodbus; killing the device pulls the port out of the machine, too. */
class ModbusSerialContractIT extends ModbusRtuContractIT {

    private @Nullable PtyPair line;

    @Override
    protected int startDevice(int port) {
        int started = super.startDevice(port);
        line = line == null ? PtyPair.before(started) : line.again(started);
        return started;
    }

    @Override
    protected void killDevice() {
        if (line != null) {
            line.close();
        }
        super.killDevice();
    }

    @Override
    protected String endpoint(int port) {
        if (line == null) {
            throw new IllegalStateException("The device gives the port its name.");
        }
        // a pseudo terminal knows no parity, and refuses it from the second time on
        return endpoint(line.ours().toString()) + "&parity=none";
    }

    @Override
    protected boolean overTcp() {
        return false;
    }

    /** It does, but there is no network on which to count. */
    @Override
    protected boolean asks() {
        return false;
    }
}
