package io.streamforge.ledger;

import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** The options of the ledger. */
@UriEndpoint(
        scheme = "ledger",
        title = "Loss ledger",
        syntax = "ledger:stage",
        producerOnly = true,
        firstVersion = "0.1.0")
public final class LedgerEndpoint extends DefaultEndpoint {

    private final LedgerComponent component;

    @UriPath(description = "The route's id, as entries name it.")
    private final String stage;

    @UriParam(description = "The gateway's id, for entries about what cannot be read.")
    private String gatewayId = "";

    @UriParam(description = "How long counts may wait before they are written, milliseconds.", defaultValue = "20000")
    private long intervalMs = 20_000;

    @UriParam(
            description = "For how long the sequence of an asset that fell silent is remembered, milliseconds.",
            defaultValue = "3600000")
    private long horizonMs = 3_600_000;

    @UriParam(
            description = "Whether it stands behind a sink's connector and states what that delivered; otherwise it"
                    + " counts what became of readings.",
            defaultValue = "false")
    private boolean deliveries;

    LedgerEndpoint(String uri, LedgerComponent component, String stage) {
        super(uri, component);
        this.component = component;
        this.stage = stage;
    }

    public void setGatewayId(String gatewayId) {
        this.gatewayId = gatewayId;
    }

    public void setIntervalMs(long intervalMs) {
        this.intervalMs = intervalMs;
    }

    public void setHorizonMs(long horizonMs) {
        this.horizonMs = horizonMs;
    }

    public void setDeliveries(boolean deliveries) {
        this.deliveries = deliveries;
    }

    @Override
    public Producer createProducer() {
        Settings settings = new Settings(stage, gatewayId, Duration.ofMillis(intervalMs), Duration.ofMillis(horizonMs));
        return deliveries
                ? new DeliveryProducer(this, settings)
                : new LedgerProducer(this, settings, component.figures(), component.sources());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("Ledger '%s' can only be called, not consumed from.".formatted(stage));
    }
}
