package io.streamforge.routes.uplink;

import io.streamforge.adapter.Browser;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.DataFolderAware;
import io.streamforge.model.Batch;
import io.streamforge.model.Decision;
import io.streamforge.model.Decoder;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.deadletters.DecideComponent;
import io.streamforge.routes.deadletters.StreamLetters;
import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.runtime.Notices;
import io.streamforge.routes.runtime.PlanRunner;
import io.streamforge.routes.runtime.RouteEngine;
import io.streamforge.routes.runtime.StreamReader;
import io.streamforge.routes.writing.Outcome;
import io.streamforge.routes.writing.PointWrites;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything between this gateway and its control plane, as one part that can be left out: a gateway runs without it. */
public final class ControlPlaneLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLink.class);
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(40);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(15);
    private static final String DECISIONS = "dlq.decisions";
    private static final Duration REPLAY_LIMIT = Duration.ofSeconds(25);

    /** What a test of a connection answers. */
    record Connection(long connectMs, List<TestedPoint> points) {}

    /**
     * One point of it, read once.
     *
     * @param place where the protocol finds it, null where its row says so
     */
    record TestedPoint(
            String name,
            @Nullable String place,
            @Nullable Object value,
            String unit,
            Quality quality,
            @Nullable String reason) {}

    private final ControlPlane controlPlane;
    private final Uplink uplink;
    private final CommandStream commandStream;
    private final Commands commands;
    private final TagWatch tagWatch;
    private final History history;
    private final Path data;
    private final RouteEngine engine;
    private final PlanRunner runner;
    private final Clock clock;
    private final SchemaRegistry registry;
    private final PointWrites writes;
    private final DeviceAlarms alarms;
    private final Certificates certificates;
    private final List<Thread> threads;

    /**
     * @param address the control plane's
     * @param data the gateway's data folder: key and identity are kept there
     * @param name what the gateway asks to be called
     * @param token enrolment token, needed until it is enrolled
     * @param version of the gateway's software
     * @param bootstrap the local stream
     * @param engine gets the endpoints of the standing routes
     * @throws IOException if key or identity cannot be read or made
     */
    public ControlPlaneLink(
            URI address,
            Path data,
            String name,
            Optional<String> token,
            String version,
            String bootstrap,
            SchemaRegistry registry,
            RouteEngine engine,
            PlanRunner runner,
            Supplier<Heartbeat> heartbeats,
            Notices notices,
            Clock clock)
            throws IOException {
        GatewayKey key = GatewayKey.in(data, clock);
        this.controlPlane = new ControlPlane(address, key);
        this.data = data;
        this.engine = engine;
        this.runner = runner;
        this.clock = clock;
        this.registry = registry;
        this.uplink = new Uplink(
                controlPlane,
                key,
                new DurableFile(data, "identity.json"),
                name,
                token,
                version,
                runner::offerCompiled,
                heartbeats,
                notices,
                clock);
        StreamReader stream = new StreamReader(bootstrap);
        this.history = new History(stream, registry);
        this.tagWatch = new TagWatch(stream, registry, this::post, clock);
        this.writes = new PointWrites(data, engine.reconciler()::writeTarget, clock);
        this.alarms = new DeviceAlarms(engine.reconciler()::alarmTargets);
        this.certificates = new Certificates(data);
        this.commands = new Commands(this::carryOut, this::answer, clock);
        this.commandStream = new CommandStream(controlPlane, uplink, commands, notices);
        engine.addComponent("uplink", new UplinkComponent(this::uplink));
        engine.addComponent(
                "decide",
                new DecideComponent(
                        new StreamLetters(stream, new Decoder(registry)),
                        () -> engine.reconciler().running(),
                        clock));
        this.threads = List.of(new Thread(uplink, "uplink"), new Thread(commandStream, "command-stream"));
    }

    /** Begins to talk. */
    public void start() {
        threads.forEach(Thread::start);
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        commandStream.close();
        commands.close();
        tagWatch.close();
    }

    private Answer carryOut(Command command) throws Exception {
        if (command instanceof Command.WatchTags watch) {
            tagWatch.watch(watch);
            return Answer.ok(null);
        } else if (command instanceof Command.ReadHistory asked) {
            return Answer.ok(history.read(asked));
        } else if (command instanceof Command.RestartRoute restart) {
            try {
                runner.restart(restart.routeId(), RESTART_LIMIT);
                return Answer.ok(null);
            } catch (TimeoutException e) {
                return Answer.failed("Route '%s' has not stopped within %d s."
                        .formatted(restart.routeId(), RESTART_LIMIT.toSeconds()));
            }
        } else if (command instanceof Command.Replay asked) {
            try {
                return Answer.ok(runner.replay(asked.order(), REPLAY_LIMIT));
            } catch (TimeoutException e) {
                return Answer.failed("Replay '%s' has not begun within %d s; the gateway begins it when it can."
                        .formatted(asked.order().id(), REPLAY_LIMIT.toSeconds()));
            }
        } else if (command instanceof Command.CancelReplay asked) {
            return Answer.ok(runner.cancelReplay(asked.replayId(), REPLAY_LIMIT));
        } else if (command instanceof Command.TestConnection asked) {
            return test(asked);
        } else if (command instanceof Command.Browse asked) {
            return browse(asked);
        } else if (command instanceof Command.DecideLetters decided) {
            return decide(decided);
        } else if (command instanceof Command.WritePoint asked) {
            return answer(writes.write(asked.order()));
        } else if (command instanceof Command.CallMethod asked) {
            return answer(writes.call(asked.order()));
        } else if (command instanceof Command.ListAlarms) {
            return Answer.ok(alarms.list());
        } else if (command instanceof Command.AnswerAlarm asked) {
            alarms.answer(asked.adapterId(), asked.answer());
            return Answer.ok(null);
        } else if (command instanceof Command.ListCertificates) {
            return Answer.ok(certificates.list());
        } else if (command instanceof Command.DecideCertificate asked) {
            certificates.decide(asked.fingerprint(), asked.trust());
            return Answer.ok(null);
        } else if (command instanceof Command.PlanChanged) {
            uplink.pullNow();
            return Answer.ok(null);
        }
        throw new IllegalStateException("No such command: " + command);
    }

    private static Answer answer(Outcome outcome) {
        return outcome.error() == null
                ? Answer.ok(outcome)
                : new Answer(Answer.Status.FAILED, outcome, outcome.error());
    }

    private Answer test(Command.TestConnection asked) throws IOException {
        Map<String, ConnectionTester> testers = new TreeMap<>();
        ServiceLoader.load(ConnectionTester.class).forEach(tester -> testers.put(tester.connector(), tester));
        ConnectionTester tester = testers.get(asked.connector());
        if (tester == null) {
            return Answer.failed("Connector '%s' cannot be tested. Those that can: %s."
                    .formatted(asked.connector(), String.join(", ", testers.keySet())));
        }
        if (tester instanceof DataFolderAware keeper) {
            keeper.setDataFolder(data);
        }
        ConnectionTester.Outcome outcome = tester.test(engine.withSecrets(asked.properties()), asked.points());
        List<TestedPoint> points = new ArrayList<>();
        List<String> places = tester.places(asked.properties(), asked.points());
        for (Sample sample : outcome.samples()) {
            points.add(new TestedPoint(
                    sample.parameter(),
                    points.size() < places.size() ? places.get(points.size()) : null,
                    TagValue.plain(sample.value()),
                    sample.unit(),
                    sample.quality(),
                    sample.reason()));
        }
        Connection connection = new Connection(outcome.took().toMillis(), points);
        return outcome.fault()
                .map(fault -> new Answer(Answer.Status.FAILED, connection, fault))
                .orElseGet(() -> Answer.ok(connection));
    }

    private Answer browse(Command.Browse asked) throws IOException {
        Map<String, Browser> browsers = new TreeMap<>();
        ServiceLoader.load(Browser.class).forEach(browser -> browsers.put(browser.connector(), browser));
        Browser browser = browsers.get(asked.connector());
        if (browser == null) {
            return Answer.failed("Connector '%s' cannot be browsed. Those that can: %s."
                    .formatted(asked.connector(), String.join(", ", browsers.keySet())));
        }
        if (browser instanceof DataFolderAware keeper) {
            keeper.setDataFolder(data);
        }
        return Answer.ok(
                browser.browse(engine.withSecrets(asked.properties()), asked.below(), asked.from(), asked.limit()));
    }

    /** The decision is taken when the stream has it: from then on it is carried out whatever happens to this process. */
    private Answer decide(Command.DecideLetters decided) throws ExecutionException, InterruptedException {
        int schema = registry.idFor(DECISIONS, Schemas.DECISION);
        Batch batch = Batch.output();
        for (LetterPlace letter : decided.letters()) {
            Decision decision = new Decision(
                    decided.decisionId(), letter, decided.action(), decided.value(), decided.by(), clock.instant());
            batch.add(letter.messageId().getBytes(StandardCharsets.UTF_8), decision.encode(schema), 0, 0);
        }
        try {
            engine.write(DECISIONS, batch, WRITE_LIMIT);
            return Answer.ok(Map.of("accepted", batch.size()));
        } catch (TimeoutException e) {
            return Answer.failed("The gateway's stream has not taken the decision within %d s; it can be sent again."
                    .formatted(WRITE_LIMIT.toSeconds()));
        }
    }

    private void uplink(String name, byte[] records) throws Problem, InterruptedException {
        Identity identity =
                uplink.approved().orElseThrow(() -> new Problem.Unreachable("The gateway is not enrolled yet.", null));
        controlPlane.uplink(identity, name, records);
    }

    private void answer(String commandId, Answer answer) {
        try {
            Optional<Identity> identity = uplink.approved();
            if (identity.isPresent()) {
                controlPlane.answer(identity.get(), commandId, answer);
            }
        } catch (Problem e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.COMMAND, commandId)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("The answer to a command did not arrive");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(String watchId, List<TagValue> values) throws InterruptedException {
        try {
            Optional<Identity> identity = uplink.approved();
            if (identity.isPresent()) {
                controlPlane.tags(identity.get(), Map.of("watchId", watchId, "values", values));
            }
        } catch (Problem e) {
            LOG.atDebug().setCause(e).log("Live values did not arrive");
        }
    }
}
