package io.streamforge.backbone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consuming endpoint was asked to do.
 *
 * @param groupId the consumer group, or null for the route's id
 * @param tick how long nothing may arrive before an empty batch is delivered; zero for never
 * @param topics all that are read, the retry topic among them
 * @param poisonTopic where records go that are refused even alone, or null to keep trying
 * @param retryTopic the one that is made when the route starts, or null without one
 */
record ConsumerOptions(
        List<String> topics,
        @Nullable String groupId,
        boolean exactlyOnce,
        Duration commitInterval,
        int maxPollRecords,
        Duration tick,
        boolean warmUp,
        @Nullable String poisonTopic,
        @Nullable String retryTopic,
        StartFrom startFrom) {

    /** The same without a retry topic: a replay has nothing of its own to try again. */
    ConsumerOptions withoutRetry() {
        return new ConsumerOptions(
                ownTopics(),
                groupId,
                exactlyOnce,
                commitInterval,
                maxPollRecords,
                tick,
                warmUp,
                poisonTopic,
                null,
                startFrom);
    }

    /** What is read but the retry topic. */
    List<String> ownTopics() {
        return topics.stream().filter(topic -> !topic.equals(retryTopic)).toList();
    }

    enum StartFrom {
        EARLIEST,
        LATEST
    }

    static ConsumerOptions parse(
            String topics,
            String groupId,
            boolean exactlyOnce,
            long commitIntervalMs,
            int maxPollRecords,
            long tickMs,
            boolean warmUp,
            String poisonTopic,
            String retryTopic,
            String startFrom) {
        List<String> problems = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of(topics.split(",")));
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            problems.add("topics must be named as topic[,topic…], got '%s'".formatted(topics));
        }
        if (!retryTopic.isBlank()) {
            names.add(retryTopic);
        }
        if (commitIntervalMs < 10 || commitIntervalMs > 1000) {
            problems.add("commitIntervalMs must be 10 to 1000, got %d".formatted(commitIntervalMs));
        }
        if (maxPollRecords < 1 || maxPollRecords > 50_000) {
            problems.add("maxPollRecords must be 1 to 50000, got %d".formatted(maxPollRecords));
        }
        if (tickMs != 0 && tickMs < 10) {
            problems.add("tickMs must be 0 (no ticks) or at least 10, got %d".formatted(tickMs));
        }
        if (names.contains(poisonTopic)) {
            problems.add("poisonTopic '%s' must not be one of the topics that are read".formatted(poisonTopic));
        }
        StartFrom start = StartFrom.EARLIEST;
        switch (startFrom) {
            case "earliest" -> start = StartFrom.EARLIEST;
            case "latest" -> start = StartFrom.LATEST;
            default -> problems.add("startFrom must be earliest or latest, got '%s'".formatted(startFrom));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "Endpoint 'backbone:%s': %s.".formatted(topics, String.join("; ", problems)));
        }
        return new ConsumerOptions(
                List.copyOf(names),
                groupId.isBlank() ? null : groupId,
                exactlyOnce,
                Duration.ofMillis(commitIntervalMs),
                maxPollRecords,
                Duration.ofMillis(tickMs),
                warmUp,
                poisonTopic.isBlank() ? null : poisonTopic,
                retryTopic.isBlank() ? null : retryTopic,
                start);
    }
}
