package io.streamforge.plc;

import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.plc.peers.LogixController;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Against a responder that was written from the specification. */
class EipContractIT extends AdapterContractIT {

    private static final String TABLE =
            "[{\"name\":\"steady\",\"address\":\"Steady\"}, {\"name\":\"fragile\",\"address\":\"Program:Main.Fragile\"}]";

    private @Nullable LogixController controller;

    @BeforeEach
    void bindPoints() throws IOException {
        context.getRegistry().bind("points", Vectors.JSON.readTree(TABLE));
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

    @Override
    protected String endpoint(int port) {
        return "plc:eip:127.0.0.1:%d?points=#bean:points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                .formatted(port);
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) throws Exception {
        PlcConfig config = new PlcConfig(
                Driver.EIP,
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
                new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(TABLE), Driver.EIP), Clock.systemUTC())) {
            device.poll();
            if (device.fault().isPresent()) {
                throw new IOException(device.fault().get());
            }
        }
    }
}
