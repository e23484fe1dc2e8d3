package io.streamforge.plc;

import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.plc.peers.TwinCatRuntime;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Against a responder that was written from the specification. */
class AdsContractIT extends AdapterContractIT {

    private static final String TABLE =
            "[{\"name\":\"steady\",\"address\":\"MAIN.Steady\"}, {\"name\":\"fragile\",\"address\":\"GVL.Fragile\"}]";

    private @Nullable TwinCatRuntime runtime;

    @BeforeEach
    void bindPoints() throws IOException {
        context.getRegistry().bind("points", Vectors.JSON.readTree(TABLE));
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

    @Override
    protected String endpoint(int port) {
        return ("plc:ads:127.0.0.1:%d?points=#bean:points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200"
                        + "&driver.targetNetId=5.23.100.7.1.1&driver.sourceNetId=10.0.0.9.1.1")
                .formatted(port);
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) throws Exception {
        PlcConfig config = new PlcConfig(
                Driver.ADS,
                "127.0.0.1",
                port,
                Map.of("targetNetId", "5.23.100.7.1.1", "sourceNetId", "10.0.0.9.1.1"),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(200));
        try (PlcDevice device =
                new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(TABLE), Driver.ADS), Clock.systemUTC())) {
            device.poll();
            if (device.fault().isPresent()) {
                throw new IOException(device.fault().get());
            }
        }
    }
}
