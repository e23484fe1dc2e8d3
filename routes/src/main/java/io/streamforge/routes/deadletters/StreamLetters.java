package io.streamforge.routes.deadletters;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.UnavailableException;
import io.streamforge.model.UndecodableException;
import io.streamforge.routes.runtime.StreamReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads dead letters from the local stream. Asked in the stream's order it reads each stretch once: what came with a letter is kept until
 * another partition is asked for.
 */
public final class StreamLetters implements Letters {

    private static final int AT_ONCE = 200;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final StreamReader stream;
    private final Decoder decoder;

    public StreamLetters(StreamReader stream, Decoder decoder) {
        this.stream = stream;
        this.decoder = decoder;
    }

    @Override
    public Session open() {
        return new StreamSession();
    }

    private final class StreamSession implements Session {
        private final Consumer<byte[], byte[]> consumer = stream.open(AT_ONCE);
        private final Map<Long, ConsumerRecord<byte[], byte[]>> near = new HashMap<>();
        private @Nullable TopicPartition partition;

        @Override
        public Found at(LetterPlace place) {
            TopicPartition asked = new TopicPartition(place.topic(), place.partition());
            if (!asked.equals(partition)) {
                near.clear();
                partition = asked;
                consumer.assign(List.of(asked));
            }
            ConsumerRecord<byte[], byte[]> record = near.get(place.offset());
            if (record == null) {
                String missing = missing(asked, place.offset());
                if (missing != null) {
                    return new Found.Nothing(missing);
                }
                record = read(place);
            }
            try {
                DeadLetter letter = record == null ? null : decoder.deadLetter(record.value());
                if (record != null && letter != null && letter.messageId().equals(place.messageId())) {
                    return new Found.Letter(record.key(), letter);
                }
            } catch (UndecodableException e) {
                // Then it is not the letter either.
            }
            return new Found.Nothing(
                    "At %s-%d, offset %d, the gateway's stream holds another record: it was made anew since the letter was written."
                            .formatted(place.topic(), place.partition(), place.offset()));
        }

        private @Nullable String missing(TopicPartition asked, long offset) {
            if (consumer.partitionsFor(asked.topic()).size() <= asked.partition()) {
                return "The gateway's stream has no partition %s.".formatted(asked);
            }
            long first = consumer.beginningOffsets(List.of(asked)).getOrDefault(asked, 0L);
            if (offset < first) {
                return "The letter is no longer in the gateway's stream, which keeps dead letters for 30 days: %s begins at offset %d, the letter stood at %d."
                        .formatted(asked, first, offset);
            }
            long end = consumer.endOffsets(List.of(asked)).getOrDefault(asked, 0L);
            return offset < end
                    ? null
                    : "The letter is not in the gateway's stream: %s ends at offset %d, the letter stood at %d. The stream was made anew since."
                            .formatted(asked, end, offset);
        }

        /** The record of that offset, or null where there is none: behind it come others, or the end. */
        private @Nullable ConsumerRecord<byte[], byte[]> read(LetterPlace place) {
            near.clear();
            TopicPartition asked = new TopicPartition(place.topic(), place.partition());
            consumer.seek(asked, place.offset());
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (near.isEmpty() && consumer.position(asked) <= place.offset()) {
                if (System.nanoTime() > deadline) {
                    throw new UnavailableException(
                            "The stream did not answer for %s within %d s.".formatted(asked, LIMIT.toSeconds()), null);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    near.put(record.offset(), record);
                }
            }
            return near.get(place.offset());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
