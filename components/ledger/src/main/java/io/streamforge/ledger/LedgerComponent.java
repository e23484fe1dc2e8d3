package io.streamforge.ledger;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** Camel's way to the bookkeeper: {@code ledger:<route id>?gatewayId=gw-1}. */
public final class LedgerComponent extends DefaultComponent {

    private final Figures figures = new Figures();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        LedgerEndpoint endpoint = new LedgerEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** What the ledger has said since this process started. */
    public Figures figures() {
        return figures;
    }
}
