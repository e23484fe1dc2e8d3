package io.streamforge.opcua;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultComponent;
import org.jspecify.annotations.Nullable;

/** Creates {@code opcua:opc.tcp://host:port/path} endpoints; they share their clients' threads and the gateway's certificates. */
@Component("opcua")
public final class OpcUaComponent extends DefaultComponent {

    /** Bean of the gateway: the folder of everything that outlives the process. */
    private static final String DATA_FOLDER = "dataFolder";

    @Metadata(description = "Folder of everything that outlives the process; the bean dataFolder if it is not set.")
    private @Nullable Path dataFolder;

    private @Nullable ClientThreads threads;
    private int users;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        OpcUaEndpoint endpoint = new OpcUaEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** Where certificates are, in a gateway's data folder. */
    static Path pki(Path dataFolder) {
        return dataFolder.resolve("opcua");
    }

    Path pki() {
        Path folder = dataFolder;
        if (folder == null) {
            folder = CamelContextHelper.lookup(getCamelContext(), DATA_FOLDER, Path.class);
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "Component opcua needs the gateway's data folder: set dataFolder, or bind a java.nio.file.Path as 'dataFolder'.");
        }
        return pki(folder);
    }

    /** To be given back by {@link #release}. */
    synchronized ClientThreads threads() {
        ClientThreads shared = threads;
        if (shared == null) {
            shared = new ClientThreads();
            threads = shared;
        }
        users++;
        return shared;
    }

    synchronized void release() {
        users--;
        ClientThreads shared = threads;
        if (users == 0 && shared != null) {
            threads = null;
            shared.close();
        }
    }

    public void setDataFolder(Path dataFolder) {
        this.dataFolder = dataFolder;
    }
}
