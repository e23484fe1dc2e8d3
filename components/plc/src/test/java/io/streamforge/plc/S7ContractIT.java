package io.streamforge.plc;

import io.streamforge.plc.peers.Snap7Server;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Against snap7. */
class S7ContractIT extends PlcContractIT {

    private @Nullable Snap7Server server;

    S7ContractIT() {
        super(Driver.S7, Map.of(), """
                [{"name":"steady","address":"DB1.DBW0","type":"INT"}, {"name":"fragile","address":"DB2.DBW0","type":"INT"}]""");
    }

    @Override
    protected int startDevice(int port) {
        Snap7Server started = port == 0 ? Snap7Server.start() : Snap7Server.start(port);
        server = started.block(1, 100).block(2, 100);
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    protected void breakFragile() {
        if (server != null) {
            server.remove(2);
        }
    }

    @Override
    protected void mendFragile() {
        if (server != null) {
            server.block(2, 100);
        }
    }
}
