package io.streamforge.knx;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.adapter.testing.FaultyDatagrams;
import io.streamforge.adapter.testing.FaultyNetwork;
import io.streamforge.knx.peers.BusDevice;
import io.streamforge.knx.peers.Knxd;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A tunnel through knxd to a device that tells both points twenty times a second. */
class KnxContractIT extends AdapterContractIT {

    private static final String TABLE = """
            [{"name":"steady","address":"1/2/3","type":"9.001"},
             {"name":"fragile","address":"1/2/4","type":"5.010"}]""";

    private final Path folder;
    private @Nullable Knxd knxd;
    private @Nullable BusDevice device;
    private @Nullable ScheduledExecutorService clock;
    private final AtomicInteger told = new AtomicInteger();
    /** A byte, as it should be; two are too many. */
    private volatile String fragile = "0011";

    KnxContractIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Override
    protected int startDevice(int port) {
        Knxd started = new Knxd(folder, port, 200);
        knxd = started;
        BusDevice bus = new BusDevice(started);
        device = bus;
        ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
        clock = ticks;
        ticks.scheduleAtFixedRate(
                () -> {
                    bus.tell("1/2/3", "000cb5");
                    bus.tell("1/2/4", fragile);
                    told.incrementAndGet();
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (clock != null) {
            clock.shutdownNow();
        }
        if (knxd != null) {
            knxd.close();
        }
        if (device != null) {
            device.close();
        }
    }

    @Override
    protected void breakFragile() {
        fragile = "001122";
    }

    @Override
    protected void mendFragile() {
        fragile = "0012";
    }

    @Override
    protected String endpoint(int port) throws Exception {
        context.getRegistry().bind("contract.points", new ObjectMapper().readTree(TABLE));
        return "knx:127.0.0.1:%d?points=#bean:contract.points&nat=true&timeoutMs=300&heartbeatIntervalMs=1000&readIntervalMs=100&maxRequestsPerSecond=20&reconnectMaxDelayMs=200"
                .formatted(port);
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
    protected void converse(int port) {
        throw new IllegalStateException(
                "Malformed datagrams are a test of their own: there is no connection to send them over.");
    }

    /** Each telegram is heard by itself; those that waited go together. */
    @Override
    protected boolean readsTogether() {
        return false;
    }

    @Override
    protected int mostInOneExchange() {
        return 5000;
    }

    /** What a slow stream does not take waits, then is counted. */
    @Override
    protected void overload() {
        int before = told.get();
        await().until(() -> told.get() >= before + 10);
    }
}
