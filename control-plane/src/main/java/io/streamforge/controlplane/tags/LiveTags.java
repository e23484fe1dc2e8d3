package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.Arguments.TagName;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.web.EventStream;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Service;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Fans live values out. Per gateway there is one watch of all tags that anybody looks at; it is renewed while somebody
 * does, and runs out by itself on the gateway when nobody does or when this process has gone.
 *
 * <p>Who watches lives in this process: one control plane per database.
 */
@Service
class LiveTags {

    private static final Logger LOG = LoggerFactory.getLogger(LiveTags.class);
    private static final Duration WATCH_LIFE = Duration.ofSeconds(30);

    /** After which a browser comes again by itself, and has to be logged in still. */
    private static final Duration STREAM_LIFE = Duration.ofMinutes(15);

    private final Gateways gateways;
    private final Commands commands;
    private final ThreadPoolTaskExecutor eventWriters;
    private final Map<String, Watched> watched = new LinkedHashMap<>();

    LiveTags(Gateways gateways, Commands commands, ThreadPoolTaskExecutor eventWriters) {
        this.gateways = gateways;
        this.commands = commands;
        this.eventWriters = eventWriters;
        commands.onChange(this::channelChanged);
    }

    /** What is watched on one gateway; guarded by {@link #watched}. */
    private static final class Watched {
        /** Each beginning has an id of its own: for a new one, the gateway looks for values that came before. */
        final String id = UUID.randomUUID().toString();

        final Map<EventStream, Set<TagName>> watchers = new LinkedHashMap<>();
        final Map<TagName, TagValue> latest = new LinkedHashMap<>();

        Set<TagName> tags() {
            Set<TagName> all = new HashSet<>();
            watchers.values().forEach(all::addAll);
            return all;
        }
    }

    SseEmitter watch(String gateway, List<String> names) {
        gateways.get(gateway);
        Set<TagName> tags = new LinkedHashSet<>();
        names.forEach(name -> tags.add(parse(name)));
        EventStream[] self = new EventStream[1];
        EventStream stream = new EventStream(STREAM_LIFE, eventWriters, () -> leave(gateway, self[0]));
        self[0] = stream;
        boolean more;
        synchronized (watched) {
            Watched here = watched.computeIfAbsent(gateway, id -> new Watched());
            more = !here.tags().containsAll(tags);
            here.watchers.put(stream, tags);
            stream.send("state", state(gateway));
            List<TagValue> known = here.latest.entrySet().stream()
                    .filter(entry -> tags.contains(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!known.isEmpty()) {
                stream.send("values", known);
            }
        }
        if (more) {
            ask(gateway);
        }
        return stream.emitter();
    }

    void publish(String gateway, TagValues values) {
        synchronized (watched) {
            Watched here = watched.get(gateway);
            if (here == null || !values.watchId().equals(here.id)) {
                return;
            }
            Set<TagName> wanted = here.tags();
            values.values().stream()
                    .filter(value -> wanted.contains(name(value)))
                    .forEach(value -> here.latest.put(name(value), value));
            here.watchers.forEach((stream, tags) -> {
                List<TagValue> mine = values.values().stream()
                        .filter(value -> tags.contains(name(value)))
                        .toList();
                if (!mine.isEmpty()) {
                    stream.send("values", mine);
                }
            });
        }
    }

    @Scheduled(fixedRate = 10, timeUnit = TimeUnit.SECONDS)
    void renew() {
        List<String> all;
        synchronized (watched) {
            all = List.copyOf(watched.keySet());
            watched.values().forEach(here -> here.watchers.keySet().forEach(EventStream::keepAlive));
        }
        all.forEach(this::ask);
    }

    private void leave(String gateway, EventStream stream) {
        synchronized (watched) {
            Watched here = watched.get(gateway);
            if (here != null) {
                here.watchers.remove(stream);
                here.latest.keySet().retainAll(here.tags());
                if (here.watchers.isEmpty()) {
                    watched.remove(gateway);
                }
            }
        }
    }

    private void channelChanged(String gateway) {
        boolean anybody;
        synchronized (watched) {
            Watched here = watched.get(gateway);
            anybody = here != null;
            if (here != null) {
                here.watchers.keySet().forEach(stream -> stream.send("state", state(gateway)));
            }
        }
        if (anybody) {
            ask(gateway);
        }
    }

    private void ask(String gateway) {
        TreeSet<TagName> tags =
                new TreeSet<>(java.util.Comparator.comparing(TagName::assetId).thenComparing(TagName::parameter));
        String id;
        synchronized (watched) {
            Watched here = watched.get(gateway);
            if (here == null) {
                return;
            }
            id = here.id;
            tags.addAll(here.tags());
        }
        if (tags.isEmpty() || !commands.connected(gateway)) {
            return;
        }
        try {
            commands.tell(gateway, new Arguments.WatchTags(id, List.copyOf(tags), WATCH_LIFE.toMillis()));
        } catch (DataAccessException | TransactionException e) {
            LOG.atWarn()
                    .addKeyValue("gateway", gateway)
                    .addKeyValue("cause", String.valueOf(e.getMessage()))
                    .log("A watch could not be renewed; it is tried again");
        }
    }

    private LiveState state(String gateway) {
        return new LiveState(
                commands.connected(gateway) ? LiveState.Liveness.LIVE : LiveState.Liveness.GATEWAY_OFFLINE);
    }

    private static TagName name(TagValue value) {
        return new TagName(value.assetId(), value.parameter());
    }

    private static TagName parse(String name) {
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            throw ProblemException.invalid("tag must be <asset>/<parameter>, got '%s'.".formatted(name), List.of());
        }
        return new TagName(name.substring(0, slash), name.substring(slash + 1));
    }
}
