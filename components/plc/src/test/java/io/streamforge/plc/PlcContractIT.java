package io.streamforge.plc;

import io.streamforge.adapter.testing.AdapterContractIT;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** What is the same for every controller that is reached over {@code plc:}: its endpoint, and one conversation with it. */
abstract class PlcContractIT extends AdapterContractIT {

    private final Driver driver;
    private final Map<String, String> options;
    private final String table;

    /**
     * @param options of the driver
     * @param table of both points
     */
    PlcContractIT(Driver driver, Map<String, String> options, String table) {
        this.driver = driver;
        this.options = options;
        this.table = table;
    }

    @BeforeEach
    void bindPoints() throws IOException {
        context.getRegistry().bind("points", Vectors.JSON.readTree(table));
    }

    @Override
    protected final String endpoint(int port) {
        StringBuilder uri = new StringBuilder("plc:")
                .append(driver.key())
                .append(":127.0.0.1:")
                .append(port)
                .append("?points=#bean:points&pollIntervalMs=50&timeoutMs=300&reconnectMaxDelayMs=200");
        options.forEach(
                (name, value) -> uri.append("&driver.").append(name).append('=').append(value));
        return uri.toString();
    }

    @Override
    protected boolean asks() {
        return true;
    }

    @Override
    protected void converse(int port) throws Exception {
        PlcConfig config = new PlcConfig(
                driver,
                "127.0.0.1",
                port,
                options,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                20,
                Duration.ZERO,
                0,
                Duration.ofMillis(200));
        try (PlcDevice device =
                new PlcDevice(config, PointTable.parse(Vectors.JSON.readTree(table), driver), Clock.systemUTC())) {
            device.poll();
            if (device.fault().isPresent()) {
                throw new IOException(device.fault().get());
            }
        }
    }
}
