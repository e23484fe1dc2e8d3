package io.streamforge.backbone;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What a route asks the stream about besides records: the ids of its topics, and in which partitions its group has ever had a position.
 * The latter is kept as the offsets of a second group, {@code <group>.started}: without it a deleted position looks like a first start.
 */
final class StreamFacts {

    private static final String STARTED = ".started";

    private final SharedClients clients;
    private final Admin admin;
    private final Map<String, String> topicIds = new HashMap<>();
    private final Set<TopicPartition> remembered = new HashSet<>();

    StreamFacts(SharedClients clients) {
        this.clients = clients;
        this.admin = clients.admin();
    }

    /** Asks for the topics' ids again; throws if a topic does not exist. */
    void refresh(List<String> topics) {
        admin.describeTopics(topics).topicNameValues().forEach((name, answer) -> {
            try {
                topicIds.put(name, answered(answer).topicId().toString());
            } catch (UnknownTopicOrPartitionException e) {
                throw new UnknownTopicOrPartitionException(
                        "Topic '%s' does not exist on this stream. The gateway makes its topics when it starts; make any other before its route."
                                .formatted(name));
            }
        });
    }

    String topicId(String topic) {
        return topicIds.getOrDefault(topic, "");
    }

    /** A group and the one that remembers for it. */
    static List<String> groups(String group) {
        return List.of(group, group + STARTED);
    }

    /** The partitions in which the group has had a position. */
    Set<TopicPartition> started(String group) {
        return answered(admin.listConsumerGroupOffsets(group + STARTED).partitionsToOffsetAndMetadata())
                .keySet();
    }

    /** Renewed at every start, so that it outlives the broker's retention of offsets as long as the group itself. */
    void remember(String group, Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (!remembered.contains(partition)) {
                marks.put(partition, new OffsetAndMetadata(0));
            }
        }
        if (!marks.isEmpty()) {
            answered(admin.alterConsumerGroupOffsets(group + STARTED, marks).all());
            remembered.addAll(marks.keySet());
        }
    }

    private <T> T answered(KafkaFuture<T> answer) {
        try {
            return await(answer);
        } catch (KafkaException e) {
            if (Failures.unanswered(e)) {
                clients.unanswered(admin);
            }
            throw e;
        }
    }

    static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException("The stream's administration failed", e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "The stream's administration did not answer within 30 s", e);
        }
    }
}
