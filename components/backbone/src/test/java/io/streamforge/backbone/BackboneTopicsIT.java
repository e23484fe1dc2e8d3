package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneTopicsIT {

    @Test
    void makesEveryTopicWithItsRetentionAndLeavesWhatExists(@TempDir Path data) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("telemetry.raw", 2, (short) 1)))
                    .all()
                    .get();
            BackboneTopics.ensure(broker.bootstrapServers(), 3, Duration.ofSeconds(60));
            BackboneTopics.ensure(broker.bootstrapServers(), 3, Duration.ofSeconds(60));

            assertThat(admin.describeTopics(BackboneTopics.names())
                            .allTopicNames()
                            .get())
                    .allSatisfy((name, topic) ->
                            assertThat(topic.partitions()).hasSize(name.equals("telemetry.raw") ? 2 : 3));
            assertThat(setting(admin, "telemetry.1min", "retention.ms"))
                    .isEqualTo(Long.toString(Duration.ofDays(90).toMillis()));
            assertThat(setting(admin, "telemetry.1min", "message.timestamp.type"))
                    .isEqualTo("LogAppendTime");
            assertThat(setting(admin, "alarms.state", "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, "dlq.sink", "min.insync.replicas")).isEqualTo("1");
        }
    }

    @Test
    void makesTopicsOfWindowsOfAnyLength(@TempDir Path data) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0, 0, 0);
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            Map<String, Integer> days =
                    Map.of("telemetry.500ms", 7, "telemetry.10s", 7, "telemetry.15min", 90, "telemetry.8hour", 365);
            for (String topic : days.keySet()) {
                assertThat(BackboneTopics.holdsWindows(topic)).isTrue();
                BackboneTopics.ensureWindows(broker.bootstrapServers(), topic);
                BackboneTopics.ensureWindows(broker.bootstrapServers(), topic);
            }
            for (Map.Entry<String, Integer> each : days.entrySet()) {
                assertThat(setting(admin, each.getKey(), "retention.ms"))
                        .isEqualTo(
                                Long.toString(Duration.ofDays(each.getValue()).toMillis()));
            }
        }
        assertThat(List.of("telemetry.clean", "telemetry.0s", "telemetry.1week", "alarms.1s"))
                .noneMatch(BackboneTopics::holdsWindows);
    }

    @Test
    void saysWhichStreamDoesNotAnswer() {
        assertThatThrownBy(() -> BackboneTopics.ensure("127.0.0.1:1", 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The stream at 127.0.0.1:1 did not make its topics within 1 s");
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = Objects.requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
        return config.get(name).value();
    }
}
