package io.streamforge.routes.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.routes.LogKeys;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out commands, each once however often it arrives, none after its time, a few at a time so that a slow device does not hold up a
 * restart.
 */
final class Commands implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final int THREADS = 4;
    private static final int WAITING = 64;
    private static final int REMEMBERED = 1000;

    /** What carries a command out; an exception becomes the answer's error. */
    interface Executor {
        Answer carryOut(Command command) throws Exception;
    }

    private final Executor executor;
    private final BiConsumer<String, Answer> answers;
    private final Clock clock;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            work -> new Thread(work, "command"));
    private final Map<String, CompletableFuture<Answer>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<Answer>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param answers posts the answer to the command of that id */
    Commands(Executor executor, BiConsumer<String, Answer> answers, Clock clock) {
        this.executor = executor;
        this.answers = answers;
        this.clock = clock;
        threads.allowCoreThreadTimeOut(true);
    }

    /** A command arrived: {@code {id, type, expiresAt, arguments}}. */
    void accept(JsonNode command) {
        String id = command.path("id").asText("");
        if (id.isEmpty()) {
            LOG.warn("A command without an id was ignored");
            return;
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Answer> before;
        synchronized (known) {
            before = known.putIfAbsent(id, answer);
        }
        if (before != null) {
            before.thenAccept(given -> answers.accept(id, given));
            return;
        }
        String type = command.path("type").asText("");
        answer.thenAccept(given -> {
            LOG.atInfo()
                    .addKeyValue(LogKeys.COMMAND, id)
                    .addKeyValue(LogKeys.COMMAND_TYPE, type)
                    .addKeyValue(LogKeys.REASON, given.error() == null ? "" : given.error())
                    .log("Command {}", given.status());
            answers.accept(id, given);
        });
        try {
            threads.execute(() -> answer.complete(carryOut(type, command)));
        } catch (RejectedExecutionException e) {
            answer.complete(Answer.failed("The gateway is busy with %d other commands. Try again.".formatted(WAITING)));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Answer carryOut(String type, JsonNode command) {
        try {
            Instant expiresAt = Instant.parse(command.path("expiresAt").asText(""));
            if (!clock.instant().isBefore(expiresAt)) {
                return Answer.failed("The command expired at %s, before it could be carried out.".formatted(expiresAt));
            }
            return executor.carryOut(Command.parse(type, command.path("arguments"), expiresAt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.failed("The gateway is stopping.");
        } catch (DateTimeParseException e) {
            return Answer.failed("'%s' is not an ISO 8601 time in UTC.".formatted(e.getParsedString()));
        } catch (Exception e) {
            return Answer.failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        }
    }
}
