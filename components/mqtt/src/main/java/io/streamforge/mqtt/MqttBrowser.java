package io.streamforge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser;
import io.streamforge.mqtt.Link.Refusal;
import io.streamforge.mqtt.Link.Subscription;
import io.streamforge.mqtt.MqttConfig.Retained;
import io.streamforge.mqtt.Sparkplug.Source;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens at a broker for a moment and lists the topics that something came on, level by level: MQTT knows no other way to ask which there are. What the
 * broker keeps comes at once; what is published seldom shows only if it is published meanwhile. Sparkplug's edge nodes are asked for their births, as the
 * running source asks them, and listed as {@code /spBv1.0/<group>/<edge node>/<device>} with their metrics.
 */
public final class MqttBrowser implements Browser {

    /** Of all messages together; an operator who wants more goes to a path further down. */
    private static final long MOST_BYTES = 64L << 20;

    private static final Set<String> OF_EDGE_NODES =
            Set.of("NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH", "NCMD", "DCMD");

    private final Duration listening;
    /** Where nothing at all came meanwhile. */
    private final Duration atMost;

    public MqttBrowser() {
        this(Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    MqttBrowser(Duration listening, Duration atMost) {
        this.listening = listening;
        this.atMost = atMost;
    }

    @Override
    public String connector() {
        return "mqtt-source";
    }

    @Override
    public Page browse(JsonNode properties, @Nullable String below, int from, int limit) throws IOException {
        ObjectNode all = properties.deepCopy();
        MqttConfig config = MqttTester.config(all.put("retained", Retained.TAKE.key()));
        List<String> place = place(below == null ? "/" : below);
        Ear ear = new Ear(place);
        try (Link link = Link.to(config, config.receiveMaximum(), ear)) {
            link.connect();
            ear.link = link;
            List<Refusal> refusals = link.subscribe(List.of(new Subscription(filter(place), 0)));
            if (!refusals.isEmpty()) {
                throw new IOException("topic '%s' is refused: %s. Go to a path that the user may read, as /plant/line-1"
                        .formatted(refusals.get(0).filter(), refusals.get(0).reason()));
            }
            long usual = listening.toMillis();
            boolean enough = ear.ended.await(usual, TimeUnit.MILLISECONDS);
            if (!enough && ear.something.getCount() > 0) {
                ear.something.await(atMost.toMillis() - usual, TimeUnit.MILLISECONDS);
                ear.ended.await(usual, TimeUnit.MILLISECONDS);
            }
            if (ear.lost != null) {
                throw new IOException("the broker ended the connection: " + ear.lost);
            }
            return ear.page(from, limit);
        } catch (IOException e) {
            throw new IOException("MQTT broker %s: %s.".formatted(config.broker(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Browsing was stopped.", e);
        }
    }

    /** The levels of {@code /plant/press-07}; an id is a slash and the topic as it is. */
    private static List<String> place(String below) {
        if (!below.startsWith("/") || below.matches("(?s).*[#+\0].*")) {
            throw new IllegalArgumentException("'%s' is no path of topic levels as /plant/press-07.".formatted(below));
        }
        return below.equals("/") ? List.of() : List.of(below.substring(1).split("/", -1));
    }

    /** Of everything at a place and below it; an edge node stands in its topics behind the kind of message. */
    private static String filter(List<String> place) {
        if (place.size() > 2
                && place.get(0).equals(Row.SPARKPLUG)
                && !place.get(1).equals("STATE")) {
            return TopicLevel.edgeNode(place.get(1), place.get(2));
        }
        return place.isEmpty() ? "#" : String.join("/", place) + "/#";
    }

    /** Takes what comes, on the connection's thread, until it is enough. */
    private static final class Ear implements Link.Listener {

        private final TopicLevel level;
        private final Sparkplug sparkplug = new Sparkplug(
                new Counts(),
                this::ask,
                (source, value, unit, quality, reason, deviceTime, received) ->
                        metric(source, value == null ? String.valueOf(reason) : TopicLevel.shown(value, unit)),
                (source, reason, received) -> {});
        private final CountDownLatch something = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private long bytes;
        private volatile @Nullable Link link;
        private volatile @Nullable String lost;

        Ear(List<String> place) {
            level = new TopicLevel(place);
        }

        @Override
        public synchronized void received(
                String topic, byte[] payload, int qos, boolean retained, Runnable acknowledge) {
            acknowledge.run();
            bytes += payload.length;
            if (level.full() || bytes > MOST_BYTES) {
                ended.countDown();
                return;
            }
            List<String> levels = List.of(topic.split("/", -1));
            if (levels.get(0).equals(Row.SPARKPLUG)
                    && levels.size() > 3
                    && levels.size() < 6
                    && OF_EDGE_NODES.contains(levels.get(2))) {
                try {
                    sparkplug.read(
                            new Message(topic, payload, retained, Instant.now().truncatedTo(ChronoUnit.MICROS)));
                    level.branch(source(
                            new Source(levels.get(1), levels.get(3), levels.size() > 4 ? levels.get(4) : "", "")));
                } catch (IOException e) {
                    level.message(levels, topic, payload, retained);
                }
            } else {
                level.message(levels, topic, payload, retained);
            }
            something.countDown();
        }

        private void ask(String topic, byte[] command) {
            Link to = link;
            if (to != null) {
                to.publish(topic, command);
            }
        }

        private void metric(Source source, String shown) {
            level.metric(source(source), source, shown);
        }

        private static List<String> source(Source source) {
            List<String> node = List.of(Row.SPARKPLUG, source.group(), source.edge());
            return source.device().isEmpty()
                    ? node
                    : List.of(Row.SPARKPLUG, source.group(), source.edge(), source.device());
        }

        @Override
        public void disconnected(String reason) {
            lost = reason;
            ended.countDown();
            something.countDown();
        }

        synchronized Page page(int from, int limit) {
            return level.page(from, limit);
        }
    }
}
