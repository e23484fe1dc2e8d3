package io.streamforge.plc;

import io.streamforge.plc.peers.TwinCatRuntime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Against a responder that was written from the specification. */
class AdsContractIT extends PlcContractIT {

    private @Nullable TwinCatRuntime runtime;

    AdsContractIT() {
        super(Driver.ADS, Map.of("targetNetId", "5.23.100.7.1.1", "sourceNetId", "10.0.0.9.1.1"), """
                [{"name":"steady","address":"MAIN.Steady"}, {"name":"fragile","address":"GVL.Fragile"}]""");
    }

    @Override
    protected int startDevice(int port) {
        TwinCatRuntime started = TwinCatRuntime.start(port).variable("MAIN.Steady", "DINT", 3, "01000000");
        runtime = started;
        mendFragile();
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (runtime != null) {
            runtime.close();
            runtime = null;
        }
    }

    @Override
    protected void breakFragile() {
        if (runtime != null) {
            runtime.remove("GVL.Fragile");
        }
    }

    @Override
    protected void mendFragile() {
        if (runtime != null) {
            runtime.variable("GVL.Fragile", "INT", 2, "0200");
        }
    }
}
