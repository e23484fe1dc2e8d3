package io.streamforge.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5RetainHandling;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.reactivex.disposables.Disposable;
import io.streamforge.mqtt.MqttConfig.Retained;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** MQTT 5.0. The broker never has more messages under way than the receive maximum: that is the back-pressure. */
final class Mqtt5Link implements Link {

    private final MqttConfig config;
    private final int receiveMaximum;
    private final Mqtt5AsyncClient client;
    private final Disposable messages;
    private final Answers answers;

    Mqtt5Link(MqttConfig config, int receiveMaximum, Listener listener) throws IOException {
        this.config = config;
        this.answers = new Answers(config.timeout());
        this.receiveMaximum = receiveMaximum;
        this.client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(config.clientId())
                .transportConfig(Link.transport(config))
                .executorConfig(Link.executor())
                .addDisconnectedListener(lost -> {
                    answers.end(lost.getCause());
                    listener.disconnected(Answers.reason(lost.getCause()));
                })
                .buildAsync();
        // before the connect: what the broker has queued comes right behind its answer
        this.messages = client.toRx()
                .publishes(MqttGlobalPublishFilter.ALL, true)
                .subscribe(
                        message -> listener.received(
                                message.getTopic().toString(),
                                message.getPayloadAsBytes(),
                                message.getQos().getCode(),
                                message.isRetain(),
                                message::acknowledge),
                        failure -> {});
    }

    @Override
    public void connect() throws IOException, InterruptedException {
        Mqtt5ConnectBuilder connect = Mqtt5Connect.builder()
                .cleanStart(!config.persistent())
                .sessionExpiryInterval(config.sessionExpiry().toSeconds())
                .keepAlive((int) config.keepAlive().toSeconds())
                .restrictions()
                .receiveMaximum(receiveMaximum)
                .maximumPacketSize(config.maxMessageBytes())
                .applyRestrictions();
        if (!config.user().isEmpty()) {
            var user = Mqtt5SimpleAuth.builder().username(config.user());
            connect = connect.simpleAuth(
                    config.password().isEmpty()
                            ? user.build()
                            : user.password(config.password().getBytes(StandardCharsets.UTF_8))
                                    .build());
        }
        CompletableFuture<Mqtt5ConnAck> answer = client.connect(connect.build());
        try {
            answers.await(answer, "CONNECT");
        } catch (IOException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof Mqtt5ConnAckException refused) {
                var code = refused.getMqttMessage().getReasonCode();
                throw new IOException("the broker refused: 0x%02X %s".formatted(code.getCode(), code), e);
            }
            throw e;
        }
    }

    @Override
    public List<Refusal> subscribe(List<Subscription> subscriptions) throws IOException, InterruptedException {
        List<Mqtt5Subscription> asked = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            asked.add(Mqtt5Subscription.builder()
                    .topicFilter(subscription.filter())
                    .qos(MqttQos.values()[subscription.qos()])
                    .retainHandling(
                            config.retained() == Retained.TAKE
                                    ? Mqtt5RetainHandling.SEND
                                    : Mqtt5RetainHandling.DO_NOT_SEND)
                    .build());
        }
        List<Mqtt5SubAckReasonCode> codes;
        try {
            codes = answers.await(
                            client.subscribe(Mqtt5Subscribe.builder()
                                    .addSubscriptions(asked)
                                    .build()),
                            "SUBSCRIBE")
                    .getReasonCodes();
        } catch (IOException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof Mqtt5SubAckException refused) {
                codes = refused.getMqttMessage().getReasonCodes();
            } else {
                throw e;
            }
        }
        List<Refusal> refusals = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
            if (codes.get(i).isError()) {
                refusals.add(new Refusal(
                        subscriptions.get(i).filter(),
                        "0x%02X %s".formatted(codes.get(i).getCode(), codes.get(i))));
            }
        }
        return refusals;
    }

    @Override
    public void publish(String topic, byte[] payload) {
        client.publish(Mqtt5Publish.builder().topic(topic).payload(payload).build());
    }

    @Override
    public void command(String topic, byte[] payload) throws IOException, InterruptedException {
        try {
            answers.await(
                    client.publish(Mqtt5Publish.builder()
                            .topic(topic)
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload(payload)
                            .build()),
                    "PUBLISH");
        } catch (IOException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof Mqtt5PubAckException refused) {
                var code = refused.getMqttMessage().getReasonCode();
                throw new IOException("the broker refused: 0x%02X %s".formatted(code.getCode(), code), e);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (client.getState().isConnected()) {
            answers.awaitQuietly(client.disconnect());
        }
        // not before: a message for which nobody is there the library acknowledges itself
        messages.dispose();
    }
}
