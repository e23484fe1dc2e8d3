package io.streamforge.plc;

import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.plc.peers.BacnetDevice;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Against npm's @bacnet-js/client. */
class BacnetContractIT extends AdapterContractIT {

    private static final String TABLE =
            "[{\"name\":\"steady\",\"address\":\"analog-input:1\"}, {\"name\":\"fragile\",\"address\":\"multi-state-value:2\"}]";

    private @Nullable BacnetDevice device;

    @BeforeEach
    void bindPoints() throws IOException {
        context.getRegistry().bind("points", Vectors.JSON.readTree(TABLE));
    }

    @Override
    protected int startDevice(int port) {
        BacnetDevice started = BacnetDevice.start(port).set("0:1", 85, 4, "21.5");
        device = started;
        mendFragile();
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (device != null) {
            device.close();
            device = null;
        }
    }

    @Override
    protected void breakFragile() {
        if (device != null) {
            device.remove("19:2");
        }
    }

    @Override
    protected void mendFragile() {
        if (device != null) {
            device.set("19:2", 85, 2, "3");
        }
    }

    @Override
    protected boolean overTcp() {
        return false;
    }

    @Override
    protected String endpoint(int port) {
        return "plc:bacnet:127.0.0.1:%d?points=#bean:points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(port);
    }

    @Override
    protected void converse(int port) {
        throw new IllegalStateException(
                "Malformed datagrams are a test of their own: there is no connection to send them over.");
    }
}
