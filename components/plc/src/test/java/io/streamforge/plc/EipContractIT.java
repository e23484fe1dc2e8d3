package io.streamforge.plc;

import io.streamforge.plc.peers.LogixController;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Against a responder that was written from the specification. */
class EipContractIT extends PlcContractIT {

    private @Nullable LogixController controller;

    EipContractIT() {
        super(Driver.EIP, Map.of(), """
                [{"name":"steady","address":"Steady"}, {"name":"fragile","address":"Program:Main.Fragile"}]""");
    }

    @Override
    protected int startDevice(int port) {
        LogixController started = LogixController.start(port).tag("Steady", "C400", 4, "01000000");
        controller = started;
        mendFragile();
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (controller != null) {
            controller.close();
            controller = null;
        }
    }

    @Override
    protected void breakFragile() {
        if (controller != null) {
            controller.remove("Program:Main.Fragile");
        }
    }

    @Override
    protected void mendFragile() {
        if (controller != null) {
            controller.tag("Program:Main.Fragile", "C300", 2, "0200");
        }
    }
}
