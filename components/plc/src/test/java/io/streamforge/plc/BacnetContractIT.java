package io.streamforge.plc;

import io.streamforge.adapter.testing.FaultyDatagrams;
import io.streamforge.adapter.testing.FaultyNetwork;
import io.streamforge.plc.peers.BacnetDevice;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Against npm's @bacnet-js/client. */
class BacnetContractIT extends PlcContractIT {

    private @Nullable BacnetDevice device;

    BacnetContractIT() {
        super(Driver.BACNET, Map.of(), """
                [{"name":"steady","address":"analog-input:1"}, {"name":"fragile","address":"multi-state-value:2"}]""");
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
    protected FaultyNetwork network(int port) {
        return new FaultyDatagrams(port);
    }

    @Override
    protected boolean converses() {
        return true;
    }
}
