package io.streamforge.opcua;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** OPC UA against node-opcua. */
class OpcUaContractIT extends AdapterContractIT {

    private static Path data = Path.of("");

    private @Nullable NodeOpcuaServer server;

    @BeforeAll
    static void prepare(@TempDir Path folder) {
        data = folder;
    }

    @Override
    protected int startDevice(int port) {
        NodeOpcuaServer started = NodeOpcuaServer.start(port, "{\"tick\":[\"Counter\",\"Temperature\"]}");
        server = started;
        return started.port();
    }

    @Override
    protected void killDevice() {
        if (server != null) {
            server.close();
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

    @Override
    protected String endpoint(int port) {
        context.getRegistry().bind("dataFolder", data);
        context.getRegistry().bind("contract.points", points());
        return "opcua:%s?points=#bean:contract.points&security=none&publishingIntervalMs=50&samplingIntervalMs=0&timeoutMs=300&sessionTimeoutMs=10000&reconnectMaxDelayMs=500"
                .formatted(NodeOpcuaServer.url(port));
    }

    @Override
    protected void converse(int port) {
        OpcUaTester tester = new OpcUaTester();
        tester.setDataFolder(data);
        tester.test(
                json("{\"url\":\"%s\",\"security\":\"none\",\"timeoutMs\":300}".formatted(NodeOpcuaServer.url(port))),
                points());
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

    /** The server is asked for no more, and keeps its queues. */
    @Override
    protected boolean skipsPolls() {
        return false;
    }

    /** Each costs a discovery, a session and a farewell. */
    @Override
    protected int malformedFrames() {
        return 100;
    }

    @Override
    protected int restarts() {
        return 100;
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
