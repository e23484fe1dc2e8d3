package io.streamforge.adapter;

import io.streamforge.model.Origin;
import io.streamforge.model.SchemaRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The {@code adapter} stage: body {@code List<Observation>} in, {@code Batch} of readings for {@code telemetry.raw} out,
 * and in the variable {@code events} one of events for {@code events.raw} where there are any. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "adapter",
        title = "Adapter",
        syntax = "adapter:adapterId",
        producerOnly = true)
public final class AdapterEndpoint extends DefaultEndpoint {

    @UriPath(description = "The adapter's id.")
    private final String adapterId;

    @UriParam(description = "Where its readings come from, as a bean reference to an Origin.")
    private @Nullable Origin origin;

    @UriParam(description = "Asset of samples that name none.")
    private String asset = "";

    @UriParam(defaultValue = "none", enums = "none,device")
    private String deviceClock = DeviceClock.NONE.key();

    /** Outlives the producers: a route that is stopped and started goes on counting. */
    private @Nullable Adapter adapter;

    AdapterEndpoint(String uri, AdapterComponent component, String adapterId) {
        super(uri, component);
        this.adapterId = adapterId;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        List<String> errors = new ArrayList<>();
        Origin from = origin;
        if (from == null) {
            errors.add("origin must refer to a bean of the gateway, got none");
        } else if (!from.adapterId().equals(adapterId)) {
            errors.add("origin must be the adapter's own, got that of '%s'".formatted(from.adapterId()));
        }
        if (asset.isBlank()) {
            errors.add("asset must not be empty");
        }
        Optional<DeviceClock> clock = Arrays.stream(DeviceClock.values())
                .filter(c -> c.key().equals(deviceClock))
                .findFirst();
        if (clock.isEmpty()) {
            errors.add("deviceClock must be one of none, device, got '%s'".formatted(deviceClock));
        }
        if (from == null || clock.isEmpty() || !errors.isEmpty()) {
            throw new IllegalArgumentException("Adapter '%s': %s.".formatted(adapterId, String.join("; ", errors)));
        }
        adapter = new Adapter(from, asset, clock.get());
    }

    @Override
    public Producer createProducer() {
        Adapter numbering = adapter;
        SchemaRegistry registry = CamelContextHelper.findSingleByType(getCamelContext(), SchemaRegistry.class);
        if (numbering == null || registry == null) {
            throw new IllegalStateException(
                    "Adapter '%s': the Camel registry must hold one SchemaRegistry.".formatted(adapterId));
        }
        return new AdapterProducer(this, numbering, registry);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("adapter: is a stage; it cannot be used in from.");
    }

    public void setOrigin(Origin origin) {
        this.origin = origin;
    }

    public void setAsset(String asset) {
        this.asset = asset;
    }

    public void setDeviceClock(String deviceClock) {
        this.deviceClock = deviceClock;
    }
}
