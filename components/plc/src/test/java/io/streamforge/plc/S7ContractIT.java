package io.streamforge.plc;

import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.plc.peers.Snap7Server;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Against snap7. */
class S7ContractIT extends AdapterContractIT {

    private static final String TABLE = """
            [{"name":"steady","address":"DB1.DBW0","type":"INT"}, {"name":"fragile","address":"DB2.DBW0","type":"INT"}]""";

    private @Nullable Snap7Server server;

    @BeforeEach
    void bindPoints() throws IOException {
        context.getRegistry().bind("points", Vectors.JSON.readTree(TABLE));
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

    @Override
    protected String endpoint(int port) {
        return "plc:s7:127.0.0.1:%d?points=#bean:points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(port);
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) throws Exception {
        PlcConfig config = new PlcConfig(
                Driver.S7,
                "127.0.0.1",
                port,
                Map.of(),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(200));
        try (PlcDevice device =
                new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(TABLE), Driver.S7), Clock.systemUTC())) {
            device.poll();
            if (device.fault().isPresent()) {
                throw new IOException(device.fault().get());
            }
        }
    }
}
