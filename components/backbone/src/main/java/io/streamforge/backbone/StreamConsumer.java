package io.streamforge.backbone;

import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a route from the stream, one exchange per poll and topic, on one thread of its own. When the loop's connections are beyond repair it
 * makes new ones, for as long as the route is started.
 */
public final class StreamConsumer extends DefaultConsumer implements Suspendable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final BackboneComponent component;
    private final ConsumerOptions options;
    private volatile RouteHealth health = new RouteHealth("");
    private @Nullable Life life;

    StreamConsumer(
            BackboneEndpoint endpoint, Processor processor, BackboneComponent component, ConsumerOptions options) {
        super(endpoint, processor);
        this.component = component;
        this.options = options;
    }

    /** Whether the route is a member of its group and knows where to read. */
    public boolean assigned() {
        return health.assigned();
    }

    /** Why the route makes no progress now; empty while it does. */
    public Optional<String> fault() {
        return health.fault();
    }

    /** What a person should know of the last start although the route goes on: state that could not be rebuilt in full. */
    public Optional<String> warning() {
        return health.warning();
    }

    /** Records in the route's partitions that it has not read yet, at most a second old. */
    public long lag() {
        return health.lag();
    }

    /** The topics it reads, but not the one of what it is to try again. */
    public List<String> topics() {
        return options.ownTopics();
    }

    /** How far a replay has come; empty for a route of the live path, and before the replay has begun. */
    public Optional<Replay.Progress> replayed() {
        return health.replayed();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        health = new RouteHealth(getRouteId());
        life = new Life(
                health,
                getEndpoint()
                        .getCamelContext()
                        .getRegistry()
                        .lookupByNameAndType(getRouteId() + Replay.BEAN, Replay.class));
        life.thread.start();
    }

    @Override
    protected void doResume() throws Exception {
        doStart();
    }

    @Override
    protected void doSuspend() throws Exception {
        endLife();
    }

    @Override
    protected void doStop() throws Exception {
        endLife();
        super.doStop();
    }

    private void endLife() throws InterruptedException {
        if (life != null) {
            life.end();
            life = null;
        }
    }

    /** The thread from one start to the next stop. */
    private final class Life implements PollLoop.Stage, Runnable {
        private final @Nullable Replay replay;
        private final ConsumerOptions options;
        private final String group;
        private final String member = component.clients().memberName(getRouteId());
        private final RouteHealth health;
        private final Thread thread;
        private volatile boolean ending;
        private volatile @Nullable PollLoop loop;
        private @Nullable DeadLetterCodec deadLetters;

        /** @param replay null for a route of the live path */
        Life(RouteHealth health, @Nullable Replay replay) {
            this.health = health;
            this.replay = replay;
            this.options = replay == null ? StreamConsumer.this.options : StreamConsumer.this.options.withoutRetry();
            this.group = options.groupId() != null && replay == null ? options.groupId() : getRouteId();
            this.thread = getEndpoint()
                    .getCamelContext()
                    .getExecutorServiceManager()
                    .newThread("backbone-" + getRouteId(), this);
        }

        @Override
        public void run() {
            while (!ending) {
                try (PollLoop current = open()) {
                    loop = current;
                    if (!ending) {
                        current.run();
                    }
                } catch (RuntimeException | Error e) {
                    // An Error too: a route that ended without a word would look healthy.
                    if (!ending) {
                        health.failed(e);
                        pause(PollLoop.backOff(health.failures()));
                    }
                }
            }
        }

        private PollLoop open() {
            SharedClients clients = component.clients();
            StreamFacts facts = new StreamFacts(clients);
            if (options.retryTopic() != null) {
                BackboneTopics.ensureRetry(clients.bootstrapServers(), options.retryTopic());
            }
            facts.refresh(options.topics());
            Output output = options.exactlyOnce()
                    ? new Output.Transactional(KafkaClients.transactionalProducer(clients.bootstrapServers(), member))
                    : new Output.Checked(clients);
            int maxPollRecords = options.maxPollRecords();
            if (replay != null) {
                output.replaying(replay);
                maxPollRecords = Replaying.maxPollRecords(replay, maxPollRecords);
            }
            return new PollLoop(
                    options,
                    group,
                    this,
                    health,
                    facts,
                    KafkaClients.consumer(clients.bootstrapServers(), group, member, maxPollRecords),
                    output,
                    replay == null ? null : new Replaying(replay, System.nanoTime()));
        }

        private synchronized void pause(Duration pause) {
            try {
                if (!ending) {
                    wait(pause.toMillis());
                }
            } catch (InterruptedException e) {
                ending = true;
            }
        }

        /** Lets the loop commit and leave; interrupts it if the stream or the route does not let go of it. */
        void end() throws InterruptedException {
            synchronized (this) {
                ending = true;
                notifyAll();
            }
            PollLoop current = loop;
            if (current != null) {
                current.stop();
            }
            thread.join(STOP_TIMEOUT.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(STOP_TIMEOUT.toMillis());
            }
        }

        @Override
        public void deliver(Batch batch, Output output) throws Exception {
            Exchange exchange = createExchange(false);
            try {
                exchange.getMessage().setBody(batch);
                exchange.setProperty(Output.PROPERTY, output);
                getProcessor().process(exchange);
                Exception failure = exchange.getException();
                if (failure != null) {
                    throw failure;
                }
                if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
                    throw new RollbackExchangeException(exchange);
                }
            } finally {
                releaseExchange(exchange, false);
            }
        }

        @Override
        public byte[] deadLetter(ConsumerRecord<byte[], byte[]> record, Partition.Poison poison) {
            if (deadLetters == null) {
                SchemaRegistry registry =
                        getEndpoint().getCamelContext().getRegistry().findSingleByType(SchemaRegistry.class);
                if (registry == null) {
                    throw new IllegalStateException(
                            "Route '%s' has a poisonTopic, but the Camel registry has no SchemaRegistry."
                                    .formatted(getRouteId()));
                }
                deadLetters =
                        new DeadLetterCodec(registry.idFor(String.valueOf(options.poisonTopic()), Schemas.DEAD_LETTER));
            }
            byte[] payload = record.value() == null ? new byte[0] : record.value();
            return deadLetters.encode(new DeadLetter(
                    "%s-%d-%d".formatted(record.topic(), record.partition(), record.offset()),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    replay == null ? getRouteId() : replay.of(),
                    "REFUSED",
                    poison.reason(),
                    Clock.systemUTC().instant(),
                    schemaId(payload),
                    ByteBuffer.wrap(payload),
                    poison.attempts(),
                    new Origin(component.getGatewayId(), "", "", 0, 0)));
        }

        private static @Nullable Integer schemaId(byte[] framed) {
            return framed.length >= 5 && framed[0] == 0
                    ? ByteBuffer.wrap(framed).getInt(1)
                    : null;
        }
    }
}
