package io.streamforge.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAckReturnCode;
import io.reactivex.disposables.Disposable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** MQTT 3.1.1: how many messages are under way is the broker's to limit. */
final class Mqtt3Link implements Link {

    private final MqttConfig config;
    private final Mqtt3AsyncClient client;
    private final Disposable messages;
    private final Answers answers;

    Mqtt3Link(MqttConfig config, Listener listener) throws IOException {
        this.config = config;
        this.answers = new Answers(config.timeout());
        this.client = MqttClient.builder()
                .useMqttVersion3()
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
        Mqtt3ConnectBuilder connect = Mqtt3Connect.builder()
                .cleanSession(!config.persistent())
                .keepAlive((int) config.keepAlive().toSeconds());
        if (!config.user().isEmpty()) {
            var user = Mqtt3SimpleAuth.builder().username(config.user());
            connect = connect.simpleAuth(
                    config.password().isEmpty()
                            ? user.build()
                            : user.password(config.password().getBytes(StandardCharsets.UTF_8))
                                    .build());
        }
        try {
            answers.await(client.connect(connect.build()), "CONNECT");
        } catch (IOException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof Mqtt3ConnAckException refused) {
                var code = refused.getMqttMessage().getReturnCode();
                throw new IOException("the broker refused: 0x%02X %s".formatted(code.getCode(), code), e);
            }
            throw e;
        }
    }

    @Override
    public List<Refusal> subscribe(List<Subscription> subscriptions) throws IOException, InterruptedException {
        List<Mqtt3Subscription> asked = new ArrayList<>();
        for (Subscription subscription : subscriptions) {
            asked.add(Mqtt3Subscription.builder()
                    .topicFilter(subscription.filter())
                    .qos(MqttQos.values()[subscription.qos()])
                    .build());
        }
        List<Mqtt3SubAckReturnCode> codes;
        try {
            codes = answers.await(
                            client.subscribe(Mqtt3Subscribe.builder()
                                    .addSubscriptions(asked)
                                    .build()),
                            "SUBSCRIBE")
                    .getReturnCodes();
        } catch (IOException e) {
            if (e.getCause() instanceof ExecutionException failed
                    && failed.getCause() instanceof Mqtt3SubAckException refused) {
                codes = refused.getMqttMessage().getReturnCodes();
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
        client.publish(Mqtt3Publish.builder().topic(topic).payload(payload).build());
    }

    @Override
    public void command(String topic, byte[] payload) throws IOException, InterruptedException {
        answers.await(
                client.publish(Mqtt3Publish.builder()
                        .topic(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(payload)
                        .build()),
                "PUBLISH");
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
