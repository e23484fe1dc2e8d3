package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class BackboneEndpointTest {

    @Test
    void readsExactlyOnceEvery100MsUnlessToldOtherwise() {
        assertThat(parse("telemetry.raw", "", 100, 5000, 1000, "", "earliest"))
                .isEqualTo(new ConsumerOptions(
                        List.of("telemetry.raw"),
                        null,
                        true,
                        Duration.ofMillis(100),
                        5000,
                        Duration.ofSeconds(1),
                        true,
                        null,
                        null,
                        ConsumerOptions.StartFrom.EARLIEST));
    }

    @Test
    void namesAllProblemsAtOnce() {
        assertThatThrownBy(() -> parse("a,,b", "", 5, 0, 3, "a", "middle"))
                .hasMessage("Endpoint 'backbone:a,,b': topics must be named as topic[,topic…], got 'a,,b';"
                        + " commitIntervalMs must be 10 to 1000, got 5; maxPollRecords must be 1 to 50000, got 0;"
                        + " tickMs must be 0 (no ticks) or at least 10, got 3;"
                        + " poisonTopic 'a' must not be one of the topics that are read;"
                        + " startFrom must be earliest or latest, got 'middle'.");
    }

    @Test
    void refusesAnOptionThatDoesNotExist() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.addComponent("backbone", component("127.0.0.1:1", "gw"));
            assertThatThrownBy(() -> context.getEndpoint("backbone:telemetry.raw?comitIntervalMs=100"))
                    .rootCause()
                    .hasMessageContaining("comitIntervalMs");
        }
    }

    @Test
    void writesToOneTopicOnly() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.addComponent("backbone", component("127.0.0.1:1", "gw"));
            assertThatThrownBy(() -> context.getEndpoint("backbone:a,b").createProducer())
                    .hasMessageContaining("a producer writes to exactly one topic, got 'a,b'");
        }
    }

    @Test
    void asksForAddressAndIdentity() {
        assertThatThrownBy(() -> component("", "").doStart())
                .hasMessageContaining("bootstrapServers is missing")
                .hasMessageContaining("gatewayId is missing");
    }

    private static BackboneComponent component(String bootstrapServers, String gatewayId) {
        BackboneComponent component = new BackboneComponent();
        component.setBootstrapServers(bootstrapServers);
        component.setGatewayId(gatewayId);
        return component;
    }

    private static ConsumerOptions parse(
            String topics,
            String groupId,
            long commitIntervalMs,
            int maxPollRecords,
            long tickMs,
            String poisonTopic,
            String startFrom) {
        return ConsumerOptions.parse(
                topics, groupId, true, commitIntervalMs, maxPollRecords, tickMs, true, poisonTopic, "", startFrom);
    }
}
