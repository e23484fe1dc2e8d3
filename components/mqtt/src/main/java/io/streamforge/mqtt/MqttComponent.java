package io.streamforge.mqtt;

import io.reactivex.exceptions.UndeliverableException;
import io.reactivex.plugins.RxJavaPlugins;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates {@code mqtt-source:host:port} endpoints. */
@Component("mqtt-source")
public final class MqttComponent extends DefaultComponent {

    private static final Logger LOG = LoggerFactory.getLogger(MqttComponent.class);

    /**
     * When a session ends, the client's library tells subscribers, too, that have let go of it; that nobody hears this is not an error of the process, as
     * RxJava by itself takes it for one.
     */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        RxJavaPlugins.setErrorHandler(error -> {
            if (error instanceof UndeliverableException) {
                LOG.atDebug().setCause(error).log("A session ended that nobody listens to any more");
            } else {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
            }
        });
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int colon = remaining.lastIndexOf(':');
        boolean hasPort = colon >= 0 && remaining.indexOf(']', colon) < 0;
        int port = MqttConfig.DEFAULT_PORT;
        if (hasPort) {
            try {
                port = Integer.parseInt(remaining.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "MQTT broker '%s': port must be a number from 1 to 65535.".formatted(remaining), e);
            }
        }
        MqttEndpoint endpoint = new MqttEndpoint(uri, this, hasPort ? remaining.substring(0, colon) : remaining, port);
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
