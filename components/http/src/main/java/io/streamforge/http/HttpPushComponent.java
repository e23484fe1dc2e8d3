package io.streamforge.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** Creates {@code http-push:host:port/path} endpoints and keeps one listener per address: adapters share a port by their paths. */
@Component("http-push")
public final class HttpPushComponent extends DefaultComponent {

    private final Map<String, HttpListener> listeners = new HashMap<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        int slash = remaining.indexOf('/');
        String address = slash < 0 ? remaining : remaining.substring(0, slash);
        int colon = address.lastIndexOf(':');
        int port;
        try {
            port = Integer.parseInt(address.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "HTTP source '%s': after the host there must be a colon and a port from 1 to 65535."
                            .formatted(remaining),
                    e);
        }
        HttpPushEndpoint endpoint = new HttpPushEndpoint(
                uri,
                this,
                address.substring(0, Math.max(0, colon)),
                port,
                slash < 0 ? "/" : remaining.substring(slash));
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /**
     * Gives the consumer's path to it.
     *
     * @throws IllegalArgumentException if another adapter has the path
     */
    synchronized HttpListener open(PushConfig config, HttpPushConsumer consumer) {
        HttpListener listener = listeners.computeIfAbsent(
                config.address(),
                address -> new HttpListener(config.host(), config.port(), config.tls(), getCamelContext()));
        try {
            listener.add(config.path(), config.tls(), consumer);
        } finally {
            closeUnused(config.address(), listener);
        }
        listener.open();
        return listener;
    }

    synchronized void close(PushConfig config, HttpPushConsumer consumer) throws IOException {
        HttpListener listener = listeners.get(config.address());
        if (listener != null) {
            listener.remove(config.path(), consumer);
            closeUnused(config.address(), listener);
        }
    }

    private void closeUnused(String address, HttpListener listener) {
        if (listener.isUnused()) {
            listeners.remove(address);
            listener.close();
        }
    }
}
