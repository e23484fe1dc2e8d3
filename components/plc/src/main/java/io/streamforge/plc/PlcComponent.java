package io.streamforge.plc;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.PropertiesHelper;

/** Creates {@code plc:driver:host:port} endpoints. */
@Component("plc")
public final class PlcComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int first = remaining.indexOf(':');
        String key = first < 0 ? remaining : remaining.substring(0, first);
        Driver driver = Arrays.stream(Driver.values())
                .filter(known -> known.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown driver '%s'. Known: %s."
                        .formatted(
                                key,
                                Arrays.stream(Driver.values()).map(Driver::key).collect(Collectors.joining(", ")))));
        String address = first < 0 ? "" : remaining.substring(first + 1);
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon >= 0 && address.indexOf(']', colon) < 0;
        int port = driver.port();
        if (hasPort) {
            try {
                port = Integer.parseInt(address.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "PLC '%s': port must be a number from 1 to 65535.".formatted(address), e);
            }
        }
        PlcEndpoint endpoint =
                new PlcEndpoint(uri, this, driver, hasPort ? address.substring(0, colon) : address, port);
        endpoint.setDriver(PropertiesHelper.extractProperties(parameters, "driver."));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
