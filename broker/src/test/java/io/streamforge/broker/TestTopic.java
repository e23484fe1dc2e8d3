package io.streamforge.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** A topic of one partition. */
final class TestTopic {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Returns when it can be written: the broker may not know a topic for a moment after it was made, and says so at once. */
    static void create(Admin admin, String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        TopicPartition partition = new TopicPartition(name, 0);
        await().atMost(PATIENCE)
                .ignoreExceptionsMatching(ExecutionException.class::isInstance)
                .until(() -> admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                .partitionResult(partition)
                                .get()
                                .offset()
                        >= 0);
    }

    private TestTopic() {}
}
