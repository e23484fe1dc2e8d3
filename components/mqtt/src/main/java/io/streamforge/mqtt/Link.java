package io.streamforge.mqtt;

import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import io.reactivex.schedulers.Schedulers;
import io.streamforge.adapter.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One connection to a broker, from one connect to its end; of no use afterwards. A client of the library serves one connection only: it would keep what
 * it received and nobody acknowledged, count it against the receive maximum and refuse to go on when the broker sends it again.
 */
interface Link extends AutoCloseable {

    /** Is told what comes, on the connection's own thread. */
    interface Listener {

        /** @param acknowledge to be run once, from any thread, when the broker may forget the message */
        void received(String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge);

        /** The connection that stood has ended, whoever ended it. */
        void disconnected(String reason);
    }

    /** One topic filter that the broker did not take. */
    record Refusal(String filter, String reason) {}

    /**
     * Connects; blocks until the broker has said yes.
     *
     * @throws IOException saying why not
     */
    void connect() throws IOException, InterruptedException;

    /**
     * Subscribes.
     *
     * @throws IOException if the broker did not answer
     */
    List<Refusal> subscribe(List<Subscription> subscriptions) throws IOException, InterruptedException;

    /** A topic filter and the QoS that is asked for it. */
    record Subscription(String filter, int qos) {}

    /** Sends with QoS 0 and forgets. */
    void publish(String topic, byte[] payload);

    /**
     * Sends with QoS 1; returns when the broker has it.
     *
     * @throws IOException if the broker refused it or did not answer
     */
    void command(String topic, byte[] payload) throws IOException, InterruptedException;

    /** Says goodbye and waits a moment for it; not to be called on the connection's own thread. */
    @Override
    void close();

    /**
     * By the configured version of the protocol.
     *
     * @param receiveMaximum most messages that the broker may have under way; MQTT 3.1.1 cannot tell it
     */
    static Link to(MqttConfig config, int receiveMaximum, Listener listener) throws IOException {
        return switch (config.version()) {
            case V5 -> new Mqtt5Link(config, receiveMaximum, listener);
            case V3 -> new Mqtt3Link(config, listener);
        };
    }

    /** Everything runs on the connection's own thread: nothing here blocks. */
    static MqttClientExecutorConfig executor() {
        return MqttClientExecutorConfig.builder()
                .applicationScheduler(Schedulers.trampoline())
                .build();
    }

    static MqttClientTransportConfig transport(MqttConfig config) throws IOException {
        MqttClientTransportConfigBuilder builder = MqttClientTransportConfig.builder()
                .serverAddress(InetSocketAddress.createUnresolved(config.host(), config.port()))
                .socketConnectTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .mqttConnectTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        if (!config.webSocketPath().isEmpty()) {
            builder = builder.webSocketConfig(MqttWebSocketConfig.builder()
                    .serverPath(config.webSocketPath().substring(1))
                    .handshakeTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .build());
        }
        TlsFiles tls = config.tls();
        if (tls != null) {
            builder = builder.sslConfig(MqttClientSslConfig.builder()
                    .trustManagerFactory(tls.trust().orElse(null))
                    .keyManagerFactory(tls.identity().orElse(null))
                    .build());
        }
        return builder.build();
    }
}
