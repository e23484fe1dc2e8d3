package io.streamforge.opcua;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** OPC UA against node-opcua. */
class OpcUaContractIT extends AdapterContractIT {

    /** Five of them are more than may wait for the stream. */
    private static final int QUEUE = 4_000;

    private static Path data = Path.of("");

    /** Left running by the test before: a server takes seconds to start. */
    private static @Nullable NodeOpcuaServer spare;

    private @Nullable NodeOpcuaServer server;

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        data = folder;
    }

    @AfterEach
    void spareDevice() {
        spare = server;
        server = null;
    }

    @AfterAll
    static void stopDevice() {
        if (spare != null) {
            spare.close();
        }
    }

    @Override
    protected int startDevice(int port) {
        NodeOpcuaServer started = port == 0 && spare != null ? spare : NodeOpcuaServer.start(port, "{}");
        spare = null;
        server = started.tick("Counter").tick("Temperature");
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
        Objects.requireNonNull(server).still("Temperature").status("Temperature", "BadSensorFailure");
    }

    @Override
    protected void mendFragile() {
        Objects.requireNonNull(server).tick("Temperature");
    }

    /** A server that is just coming up, on a busy machine, takes its time over each step of a session. */
    @Override
    protected String endpoint(int port) {
        context.getRegistry().bind("dataFolder", data);
        context.getRegistry().bind("contract.points", points());
        return "opcua:%s?points=#bean:contract.points&security=none&publishingIntervalMs=50&samplingIntervalMs=0&queueSize=%d&timeoutMs=900&sessionTimeoutMs=10000&reconnectMaxDelayMs=500"
                .formatted(NodeOpcuaServer.url(port), QUEUE);
    }

    @Override
    protected void converse(int port) throws IOException {
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        Optional<String> fault = tester.test(
                        json("{\"url\":\"%s\",\"security\":\"none\",\"timeoutMs\":300}"
                                .formatted(NodeOpcuaServer.url(port))),
                        points())
                .fault();
        if (fault.isPresent()) {
            throw new IOException(fault.get());
        }
    }

    /** Notifications that waited go together. */
    @Override
    protected boolean readsTogether() {
        return false;
    }

    @Override
    protected int mostInOneExchange() {
        return 5_000;
    }

    /** More than may wait for the stream, and then more than the server's queue holds: it is asked for no more, and keeps its queues. */
    @Override
    protected void overload() {
        NodeOpcuaServer device = Objects.requireNonNull(server);
        device.burstUntilHeld("Counter", 1, QUEUE);
        device.burst("Counter", 1, 2 * QUEUE);
        await().during(Duration.ofMillis(300)).until(() -> device.usage().queued() == QUEUE);
    }

    private static JsonNode points() {
        return json("""
                [{"name":"steady","node":"nsu=urn:streamforge:peer;s=Counter"},
                 {"name":"fragile","node":"nsu=urn:streamforge:peer;s=Temperature"}]""");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
