package io.streamforge.ledger;

import io.streamforge.model.Loss;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's way to the bookkeeper: {@code ledger:<route id>?gatewayId=gw-1}. */
public final class LedgerComponent extends DefaultComponent {

    private final Figures figures = new Figures();
    private final SourceTallies sources = new SourceTallies();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        LedgerEndpoint endpoint = new LedgerEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    SourceTallies sources() {
        return sources;
    }

    /**
     * What of sources' losses the ledger has not said yet.
     *
     * @param lost by adapter, since the start of this process
     */
    public Map<String, Map<Loss, Long>> unsaid(Map<String, Map<Loss, Long>> lost) {
        return sources.rest(lost);
    }

    /** What the ledger has said since this process started. */
    public Figures figures() {
        return figures;
    }
}
