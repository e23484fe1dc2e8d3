package io.streamforge.routes.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.UnaskedContractIT;
import org.apache.camel.component.kamelet.KameletComponent;

/**
 * A stock Kamelet of the catalogue that hands over a number again and again. It has no device, and how a Kamelet stands a device or a network that breaks is
 * its own affair: what remains is a slow stream, stops and restarts.
 */
class CatalogueContractIT extends UnaskedContractIT {

    @Override
    protected int startDevice(int port) {
        return port;
    }

    @Override
    protected void killDevice() {}

    /** Its only thread is inside already, and waits. */
    @Override
    protected void overload() {}

    @Override
    protected boolean noticesOutages() {
        return false;
    }

    @Override
    protected String endpoint(int port) throws JsonProcessingException {
        context.getComponent("kamelet", KameletComponent.class).setLocation(RouteHost.KAMELETS);
        context.getRegistry()
                .bind(
                        "contract.points",
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\":\"steady\",\"path\":\"$\"},{\"name\":\"fragile\",\"path\":\"$\"}]"));
        return "payload:kamelet:timer-source/under-test.stock?points=#bean:contract.points&noErrorHandler=true&period=50&message=17";
    }
}
