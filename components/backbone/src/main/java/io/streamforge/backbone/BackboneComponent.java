package io.streamforge.backbone;

import io.streamforge.model.SourcePositions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The gateway's access to its local stream as Camel endpoints: {@code from: backbone:telemetry.raw} and {@code to: backbone:telemetry.clean}.
 * It exists because stock camel-kafka loses or repeats records on a crash and blocks once per record.
 */
public final class BackboneComponent extends DefaultComponent {

    private String bootstrapServers = "";
    private String gatewayId = "";
    private String process = "0";
    private final SharedClients clients =
            new SharedClients(this::getBootstrapServers, this::getGatewayId, this::getProcess);
    private final SourceTransactions sources = new SourceTransactions(clients);

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        BackboneEndpoint endpoint = new BackboneEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        List<String> problems = new ArrayList<>();
        if (bootstrapServers.isBlank()) {
            problems.add("bootstrapServers is missing, for instance 127.0.0.1:19092");
        }
        if (gatewayId.isBlank()) {
            problems.add("gatewayId is missing: it names this gateway's transactions and group members");
        }
        if (process.isBlank()) {
            problems.add("process must name this process among those of the gateway, got an empty text");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("Component 'backbone': " + String.join("; ", problems) + ".");
        }
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        sources.close();
        clients.close();
    }

    SharedClients clients() {
        return clients;
    }

    SourceTransactions sources() {
        return sources;
    }

    /** For sources that hand their positions over with their exchanges. */
    public SourcePositions sourcePositions() {
        return sources;
    }

    public String getBootstrapServers() {
        return bootstrapServers;
    }

    /** Where the stream answers: {@code host:port[,host:port…]}. */
    public void setBootstrapServers(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public String getGatewayId() {
        return gatewayId;
    }

    /** The gateway's id: with route id and process it names transactions and group members. */
    public void setGatewayId(String gatewayId) {
        this.gatewayId = gatewayId;
    }

    public String getProcess() {
        return process;
    }

    /** This process among the gateway's processes; two processes of one gateway must differ, the same process keeps its name over a restart. */
    public void setProcess(String process) {
        this.process = process;
    }
}
