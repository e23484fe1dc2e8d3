package io.streamforge.controlplane.gateway;

import io.streamforge.controlplane.web.EventStream;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command channel: each gateway holds one stream open, on which commands go out; answers come back by POST. Commands
 * are kept in the database, so that one sent just before the stream broke, or before this process was restarted, is sent
 * again when the gateway comes back, unless it has expired.
 *
 * <p>Which streams are open and who waits for an answer lives in this process: one control plane per database.
 */
@Service
public class Commands {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final Duration NEWS_LIFE = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(7);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Clock clock;
    private final ThreadPoolTaskExecutor eventWriters;
    private final Map<String, EventStream> streams = new ConcurrentHashMap<>();
    private final Map<UUID, CompletableFuture<CommandAnswer>> waiting = new ConcurrentHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<CommandType, Answered> answered = new ConcurrentHashMap<>();

    Commands(JdbcClient jdbc, JsonMapper json, Clock clock, ThreadPoolTaskExecutor eventWriters) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.eventWriters = eventWriters;
    }

    /** Whether a gateway holds its channel open now. */
    public boolean connected(String gatewayId) {
        return streams.containsKey(gatewayId);
    }

    /** Hears a gateway's id whenever its channel opens or closes. */
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Hears every first answer to commands of a type, also one that nobody waits for any more. */
    public void onAnswer(CommandType type, Answered listener) {
        answered.put(type, listener);
    }

    /** Hears answers. */
    public interface Answered {

        /** @param arguments in the shape of the type */
        void answered(String gatewayId, JsonNode arguments, CommandAnswer answer);
    }

    /** Sends a command whose answer nobody waits for; a gateway that is away gets it when it comes back in time. */
    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void tell(String gatewayId, Arguments arguments) {
        send(store(gatewayId, arguments, NEWS_LIFE), gatewayId);
    }

    /**
     * Sends a command and hands on its answer.
     *
     * @param limit after which the answer is a problem 504; the command expires then too
     */
    public CompletableFuture<CommandAnswer> ask(String gatewayId, Arguments arguments, Duration limit) {
        if (!connected(gatewayId)) {
            throw new ProblemException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "gateway-offline",
                    "Gateway '%s' does not hold its command channel open: it cannot be asked now."
                            .formatted(gatewayId));
        }
        Command command = store(gatewayId, arguments, limit);
        CompletableFuture<CommandAnswer> answer = new CompletableFuture<>();
        waiting.put(command.id(), answer);
        send(command, gatewayId);
        return answer.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failed -> {
                    if (failed instanceof TimeoutException) {
                        throw new ProblemException(
                                HttpStatus.GATEWAY_TIMEOUT,
                                "gateway-silent",
                                "Gateway '%s' did not answer %s within %d s."
                                        .formatted(gatewayId, name(arguments.type()), limit.toSeconds()));
                    }
                    throw new CompletionException(failed);
                })
                .whenComplete((done, failed) -> waiting.remove(command.id()));
    }

    SseEmitter open(String gatewayId) {
        EventStream[] self = new EventStream[1];
        EventStream stream = new EventStream(Duration.ZERO, eventWriters, () -> {
            if (streams.remove(gatewayId, self[0])) {
                LOG.atInfo().addKeyValue("gateway", gatewayId).log("A gateway's command channel has closed");
                changed(gatewayId);
            }
        });
        self[0] = stream;
        List<Command> open = open(gatewayId, clock.instant());
        EventStream before = streams.put(gatewayId, stream);
        if (before != null) {
            before.close();
        }
        stream.keepAlive();
        open.forEach(command -> stream.send("command", command));
        LOG.atInfo().addKeyValue("gateway", gatewayId).log("A gateway has opened its command channel");
        changed(gatewayId);
        return stream.emitter();
    }

    void disconnect(String gatewayId) {
        AfterCommit.run(() -> {
            EventStream stream = streams.get(gatewayId);
            if (stream != null) {
                stream.close();
            }
        });
    }

    @Transactional
    public void answer(String gatewayId, UUID commandId, CommandAnswer answer) {
        Optional<Asked> first = jdbc.sql("""
                        update command set answered_at = :now, answer = cast(:answer as json)
                        where id = :id and gateway_id = :gateway and answered_at is null
                        returning type, arguments""")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("answer", json.writeValueAsString(answer))
                .param("id", commandId)
                .param("gateway", gatewayId)
                .query((row, number) -> new Asked(
                        CommandType.valueOf(row.getString("type")), json.readTree(row.getString("arguments"))))
                .optional();
        first.ifPresent(asked -> {
            Answered listener = answered.get(asked.type());
            if (listener != null) {
                listener.answered(gatewayId, asked.arguments(), answer);
            }
            AfterCommit.run(() -> {
                CompletableFuture<CommandAnswer> waiter = waiting.get(commandId);
                if (waiter != null) {
                    waiter.complete(answer);
                }
            });
        });
    }

    private record Asked(CommandType type, JsonNode arguments) {}

    @Scheduled(fixedRate = 15, timeUnit = TimeUnit.SECONDS)
    void keepAlive() {
        streams.values().forEach(EventStream::keepAlive);
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void removeOld() {
        jdbc.sql("delete from command where expires_at < :before")
                .param("before", clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC))
                .update();
    }

    private Command store(String gatewayId, Arguments arguments, Duration life) {
        Instant now = clock.instant();
        JsonNode tree = json.valueToTree(arguments);
        Command command = new Command(UUID.randomUUID(), arguments.type(), now.plus(life), tree);
        jdbc.sql("""
                        insert into command (id, gateway_id, type, arguments, created_at, expires_at)
                        values (:id, :gateway, :type, cast(:arguments as json), :now, :expires)""")
                .param("id", command.id())
                .param("gateway", gatewayId)
                .param("type", command.type().name())
                .param("arguments", json.writeValueAsString(tree))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("expires", command.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
        return command;
    }

    private void send(Command command, String gatewayId) {
        EventStream stream = streams.get(gatewayId);
        if (stream != null) {
            stream.send("command", command);
        }
    }

    private List<Command> open(String gatewayId, Instant now) {
        return jdbc.sql("""
                        select id, type, arguments, expires_at from command
                        where gateway_id = :gateway and answered_at is null and expires_at > :now
                        order by created_at""")
                .param("gateway", gatewayId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Command(
                        row.getObject("id", UUID.class),
                        CommandType.valueOf(row.getString("type")),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        json.readTree(row.getString("arguments"))))
                .list();
    }

    private void changed(String gatewayId) {
        listeners.forEach(listener -> listener.accept(gatewayId));
    }

    private String name(CommandType type) {
        return json.valueToTree(type).asString();
    }
}
