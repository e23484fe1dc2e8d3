package io.streamforge.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.streamforge.adapter.PollingConsumer;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.model.SourcePositions;
import java.time.Clock;
import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** Takes the files of a folder. The body of an exchange is the {@code List<Observation>} of some of a file's rows. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "drop-folder",
        title = "Drop folder",
        syntax = "drop-folder:name",
        consumerOnly = true)
public final class DropFolderEndpoint extends DefaultEndpoint {

    @UriPath(description = "Its name in the stream.")
    private final String name;

    @UriParam(description = "The mapping, as a bean reference.")
    private JsonNode points = MissingNode.getInstance();

    @UriParam
    private String folder = "";

    @UriParam(defaultValue = "1000")
    private long pollIntervalMs = FolderConfig.DEFAULT_POLL_INTERVAL_MS;

    @UriParam(defaultValue = "2000")
    private long settleMs = FolderConfig.DEFAULT_SETTLE_MS;

    @UriParam(defaultValue = "500")
    private int rowsPerExchange = FolderConfig.DEFAULT_ROWS_PER_EXCHANGE;

    @UriParam(defaultValue = "comma", enums = "comma,semicolon,tab")
    private String delimiter = FolderConfig.Delimiter.COMMA.key();

    @UriParam(defaultValue = "ms", enums = "s,ms,us,ns")
    private String epochUnit = EpochUnit.MS.key();

    private @Nullable FolderConfig config;
    private @Nullable PayloadMapping mapping;

    DropFolderEndpoint(String uri, DropFolderComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        FolderConfig checked = FolderConfig.of(folder, pollIntervalMs, settleMs, rowsPerExchange, delimiter, epochUnit);
        config = checked;
        mapping = PayloadMapping.of("File points", points, Set.of(), checked.epochUnit());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        FolderConfig ready = config;
        PayloadMapping table = mapping;
        if (ready == null || table == null) {
            throw new IllegalStateException("Endpoint %s is not initialised.".formatted(this));
        }
        SourcePositions positions = CamelContextHelper.findSingleByType(getCamelContext(), SourcePositions.class);
        if (positions == null) {
            throw new IllegalStateException(
                    "Endpoint %s: the Camel registry must hold one SourcePositions.".formatted(this));
        }
        DropFolder one = new DropFolder(ready, table, name, positions, Clock.systemUTC());
        PollingConsumer consumer = new PollingConsumer(this, processor, ready.pollInterval(), one::opened);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("drop-folder: reads only; it cannot be used in to.");
    }

    public void setPoints(JsonNode points) {
        this.points = points;
    }

    public void setFolder(String folder) {
        this.folder = folder;
    }

    public void setPollIntervalMs(long pollIntervalMs) {
        this.pollIntervalMs = pollIntervalMs;
    }

    public void setSettleMs(long settleMs) {
        this.settleMs = settleMs;
    }

    public void setRowsPerExchange(int rowsPerExchange) {
        this.rowsPerExchange = rowsPerExchange;
    }

    public void setDelimiter(String delimiter) {
        this.delimiter = delimiter;
    }

    public void setEpochUnit(String epochUnit) {
        this.epochUnit = epochUnit;
    }
}
