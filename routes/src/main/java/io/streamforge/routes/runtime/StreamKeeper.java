package io.streamforge.routes.runtime;

import io.streamforge.backbone.BackboneTopics;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.routes.LogKeys;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the local stream and its registry, makes the topics, registers the schemas and from then on watches whether the brokers answer. The
 * gateway may be started before them.
 */
public final class StreamKeeper implements LocalStream, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamKeeper.class);
    private static final Duration PAUSE_UP = Duration.ofSeconds(3);
    private static final Duration PAUSE_DOWN = Duration.ofMillis(500);
    private static final int ANSWER_LIMIT_MS = 3000;
    private static final Duration TOPICS_LIMIT = Duration.ofSeconds(30);

    /** What this gateway writes, by topic. */
    private static final Map<String, Schema> WRITTEN = Map.ofEntries(
            Map.entry("telemetry.raw", Schemas.READING),
            Map.entry("telemetry.clean", Schemas.READING),
            Map.entry("telemetry.1s", Schemas.AGGREGATE),
            Map.entry("telemetry.1min", Schemas.AGGREGATE),
            Map.entry("telemetry.1hour", Schemas.AGGREGATE),
            Map.entry("dlq.telemetry", Schemas.DEAD_LETTER),
            Map.entry("dlq.sink", Schemas.DEAD_LETTER),
            Map.entry("audit.ledger", Schemas.LEDGER),
            Map.entry("alarms.raw", Schemas.ALARM),
            Map.entry("dlq.decisions", Schemas.DECISION),
            Map.entry("dlq.outcomes", Schemas.DECISION_OUTCOME));

    private final String bootstrap;
    private final SchemaRegistry registry;
    private final Notices notices;
    private final Runnable whenPrepared;
    private volatile boolean up;
    private volatile boolean prepared;

    /** @param whenPrepared called once, when routes can be started */
    public StreamKeeper(String bootstrap, SchemaRegistry registry, Notices notices, Runnable whenPrepared) {
        this.bootstrap = bootstrap;
        this.registry = registry;
        this.notices = notices;
        this.whenPrepared = whenPrepared;
    }

    @Override
    public String addresses() {
        return bootstrap;
    }

    @Override
    public boolean up() {
        return up;
    }

    @Override
    public boolean prepared() {
        return prepared;
    }

    @Override
    public void run() {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_LIMIT_MS))) {
            while (!Thread.currentThread().isInterrupted()) {
                look(admin);
                if (up && !prepared) {
                    prepare();
                }
                Thread.sleep((up && prepared ? PAUSE_UP : PAUSE_DOWN).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Admin admin) throws InterruptedException {
        try {
            up = !admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_LIMIT_MS))
                    .nodes()
                    .get(ANSWER_LIMIT_MS * 2L, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            up = false;
        }
        if (up) {
            notices.clear(Notices.Subject.STREAM);
        } else {
            notices.raise(
                    Notices.Subject.STREAM,
                    "The stream at %s does not answer. %s"
                            .formatted(
                                    bootstrap,
                                    prepared
                                            ? "Sources wait and nothing is lost; routes go on when it is back."
                                            : "The gateway waits for it and starts its routes then."));
        }
    }

    private void prepare() {
        long begun = System.nanoTime();
        try {
            BackboneTopics.ensure(bootstrap, BackboneTopics.DEFAULT_PARTITIONS, TOPICS_LIMIT);
        } catch (RuntimeException e) {
            notices.raise(Notices.Subject.STREAM, "Topics cannot be made: " + Causes.sentence(e));
            return;
        }
        try {
            WRITTEN.forEach(registry::idFor);
            notices.clear(Notices.Subject.REGISTRY);
        } catch (RuntimeException e) {
            notices.raise(
                    Notices.Subject.REGISTRY,
                    "Schemas cannot be registered: %s The gateway waits for the registry and starts its routes then."
                            .formatted(Causes.sentence(e)));
            return;
        }
        prepared = true;
        LOG.atInfo()
                .addKeyValue(LogKeys.ADDRESS, bootstrap)
                .addKeyValue(LogKeys.TOOK_MS, (System.nanoTime() - begun) / 1_000_000)
                .log("The stream is ready");
        whenPrepared.run();
    }
}
