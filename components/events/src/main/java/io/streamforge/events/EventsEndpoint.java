package io.streamforge.events;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** The options of one event check. */
@UriEndpoint(scheme = "events", title = "Events", syntax = "events:stage", producerOnly = true, firstVersion = "1.0.0")
public final class EventsEndpoint extends DefaultEndpoint {

    @UriPath(description = "The route's id, as dead letters name it.")
    private final String stage;

    @UriParam(description = "The gateway's id, for dead letters of what cannot be read.")
    private String gatewayId = "";

    EventsEndpoint(String uri, EventsComponent component, String stage) {
        super(uri, component);
        this.stage = stage;
    }

    public void setGatewayId(String gatewayId) {
        this.gatewayId = gatewayId;
    }

    @Override
    public Producer createProducer() {
        return new EventsProducer(this, stage, gatewayId);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("events: is a stage; it cannot be used in from.");
    }
}
