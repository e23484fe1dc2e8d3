package io.streamforge.routes.uplink;

import io.streamforge.model.Decoder;
import io.streamforge.model.Reading;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.UnavailableException;
import io.streamforge.model.UndecodableException;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.runtime.StreamReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts the latest values of watched tags, at most twice a second. While nobody watches it reads nothing and has no thread.
 *
 * <p>A tag that is new in a watch is looked for in what the stream has already: a value that seldom changes, or the gap that
 * a silent device left, would not come again for whoever begins to watch after it.
 */
final class TagWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TagWatch.class);
    private static final String TOPIC = "telemetry.clean";
    private static final Duration POST_EVERY = Duration.ofMillis(500);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Short, because live values wait meanwhile. */
    private static final Duration LOOK_BACK = Duration.ofMillis(1500);

    /** Who gets the values. */
    interface Listener {
        void values(String watchId, List<TagValue> values) throws InterruptedException;
    }

    /** @param known tags that have been looked for in what the stream had already; a thread-safe set */
    private record Watch(Set<Command.Tag> tags, Set<Command.Tag> known, Instant until) {}

    private final StreamReader stream;
    private final Decoder decoder;
    private final LastValues last;
    private final Listener listener;
    private final Clock clock;
    private final Map<String, Watch> watches = new ConcurrentHashMap<>();
    private @Nullable Thread reader;
    private volatile boolean closed;

    TagWatch(StreamReader stream, SchemaRegistry registry, Listener listener, Clock clock) {
        this(stream, registry, listener, clock, LOOK_BACK);
    }

    /** @param lookBack how long it looks for what the stream has already of new tags */
    TagWatch(StreamReader stream, SchemaRegistry registry, Listener listener, Clock clock, Duration lookBack) {
        this.stream = stream;
        this.decoder = new Decoder(registry);
        this.last = new LastValues(stream, decoder, TOPIC, lookBack);
        this.listener = listener;
        this.clock = clock;
    }

    /** Begins a watch, or replaces the one of the same id. */
    synchronized void watch(Command.WatchTags asked) {
        Set<Command.Tag> tags = new HashSet<>(asked.tags());
        Watch before = watches.get(asked.watchId());
        Set<Command.Tag> known = before == null ? ConcurrentHashMap.newKeySet() : before.known();
        known.retainAll(tags);
        watches.put(asked.watchId(), new Watch(tags, known, clock.instant().plus(asked.ttl())));
        if (reader == null && !closed) {
            Thread fresh = new Thread(this::read, "tag-watch");
            reader = fresh;
            fresh.start();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void read() {
        try (Consumer<byte[], byte[]> consumer = stream.open(5000)) {
            List<TopicPartition> partitions = StreamReader.partitions(consumer, TOPIC);
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            Map<Command.Tag, TagValue> latest = new LinkedHashMap<>();
            Instant nextPost = clock.instant().plus(POST_EVERY);
            while (somebodyWatches()) {
                Set<Command.Tag> fresh = fresh();
                if (!fresh.isEmpty()) {
                    last.before(fresh, consumer::position).forEach(latest::putIfAbsent);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    note(record.value(), latest);
                }
                if (!clock.instant().isBefore(nextPost)) {
                    nextPost = clock.instant().plus(POST_EVERY);
                    post(latest);
                    latest.clear();
                }
            }
        } catch (org.apache.kafka.common.errors.InterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("Live values stop: the stream cannot be read; the next watch tries again");
        } finally {
            synchronized (this) {
                reader = null;
            }
        }
    }

    private synchronized boolean somebodyWatches() {
        Instant now = clock.instant();
        watches.values().removeIf(watch -> !watch.until().isAfter(now));
        if (watches.isEmpty() || closed) {
            reader = null;
            return false;
        }
        return true;
    }

    /** The tags that a watch asks for the first time. */
    private Set<Command.Tag> fresh() {
        Set<Command.Tag> fresh = new HashSet<>();
        for (Watch watch : watches.values()) {
            watch.tags().stream().filter(watch.known()::add).forEach(fresh::add);
        }
        return fresh;
    }

    private void note(byte[] framed, Map<Command.Tag, TagValue> latest) {
        try {
            Reading reading = decoder.reading(framed);
            Command.Tag tag = new Command.Tag(reading.assetId(), reading.parameter());
            for (Watch watch : watches.values()) {
                if (watch.tags().contains(tag)) {
                    latest.put(tag, TagValue.of(reading));
                    return;
                }
            }
        } catch (UndecodableException | UnavailableException e) {
            LOG.atDebug().setCause(e).log("A record cannot be shown");
        }
    }

    private void post(Map<Command.Tag, TagValue> latest) throws InterruptedException {
        Map<String, List<TagValue>> byWatch = new HashMap<>();
        watches.forEach((id, watch) -> latest.forEach((tag, value) -> {
            if (watch.tags().contains(tag)) {
                byWatch.computeIfAbsent(id, key -> new ArrayList<>()).add(value);
            }
        }));
        for (Map.Entry<String, List<TagValue>> entry : byWatch.entrySet()) {
            listener.values(entry.getKey(), entry.getValue());
        }
    }
}
