package io.streamforge.routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.routes.http.HealthDocument;
import io.streamforge.routes.http.HealthServer;
import io.streamforge.routes.http.Metrics;
import io.streamforge.routes.plan.RoutePlan;
import io.streamforge.routes.plan.Trial;
import io.streamforge.routes.runtime.GatewayHealth;
import io.streamforge.routes.runtime.Notices;
import io.streamforge.routes.runtime.PlanRunner;
import io.streamforge.routes.runtime.Reconciler;
import io.streamforge.routes.runtime.RouteBoard;
import io.streamforge.routes.runtime.RouteCounters;
import io.streamforge.routes.runtime.RouteEngine;
import io.streamforge.routes.runtime.StreamKeeper;
import io.streamforge.routes.uplink.ControlPlaneLink;
import io.streamforge.routes.uplink.Heartbeat;
import io.streamforge.routes.uplink.InstantModule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway process: the local stream, Camel, the plan, health over HTTP and, where there is one, the link to the control plane. */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new InstantModule())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final GatewayOptions options;
    private final Clock clock = Clock.systemUTC();
    private final Notices notices = new Notices();
    private final RouteCounters counters = new RouteCounters();
    private final RouteBoard board = new RouteBoard(counters, clock);
    private final StreamKeeper stream;
    private final RouteEngine engine;
    private final PlanRunner runner;
    private final HealthServer http;
    private final Optional<ControlPlaneLink> link;
    private final List<Thread> threads;

    /**
     * Starts a gateway; it waits for its stream by itself.
     *
     * @throws IOException if its data folder or its HTTP port cannot be used
     */
    Gateway(GatewayOptions options, Map<String, String> environment) throws IOException {
        this.options = options;
        this.http = new HealthServer(options.httpHost(), options.httpPort());
        Files.createDirectories(options.data());
        SchemaRegistry registry = new ConfluentSchemaRegistry(
                List.of(options.registry()), options.data().resolve("schemas.json"));
        this.stream = new StreamKeeper(options.bootstrap(), registry, notices, this::streamPrepared);
        Thread keeper = new Thread(stream, "stream");
        keeper.start();
        this.engine = new RouteEngine(
                options.name(),
                options.process(),
                options.data(),
                options.templates(),
                environment,
                stream,
                registry,
                notices,
                board,
                counters,
                clock);
        this.runner = new PlanRunner(
                engine.reconciler(),
                engine.replays(),
                stream,
                options.controlPlane().map(address -> engine.standingRoutes()),
                options.plan().isEmpty());
        this.link = options.controlPlane().isEmpty()
                ? Optional.empty()
                : Optional.of(new ControlPlaneLink(
                        options.controlPlane().get(),
                        options.data(),
                        options.name(),
                        options.token(),
                        version(),
                        options.bootstrap(),
                        registry,
                        engine,
                        runner,
                        this::heartbeat,
                        notices,
                        clock));
        Optional<Thread> planFile =
                options.plan().map(file -> new Thread(new PlanFile(file, runner, notices), "plan-file"));
        this.threads = planFile.isPresent() ? List.of(keeper, planFile.get()) : List.of(keeper);
        http.serve(source());
        planFile.ifPresent(Thread::start);
        runner.start();
        link.ifPresent(ControlPlaneLink::start);
        LOG.atInfo()
                .addKeyValue(LogKeys.GATEWAY, options.name())
                .addKeyValue(LogKeys.ADDRESS, "http://%s:%d".formatted(options.httpHost(), http.port()))
                .log("The gateway has started");
    }

    /** The port that health and metrics listen on. */
    int httpPort() {
        return http.port();
    }

    /** Stops the routes, which write and commit what they hold, then everything else. */
    @Override
    public void close() {
        LOG.info("The gateway stops");
        link.ifPresent(ControlPlaneLink::close);
        runner.close();
        threads.forEach(Thread::interrupt);
        engine.close();
        http.close();
        LOG.info("The gateway has stopped");
    }

    /** Runs a gateway until it is told to stop. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Gateway gateway;
        GatewayOptions options;
        if (List.of(arguments).contains("--help")) {
            System.out.print(GatewayOptions.USAGE);
            return;
        }
        try {
            options = GatewayOptions.parse(List.of(arguments), System.getenv());
            gateway = new Gateway(options, System.getenv());
        } catch (GatewayOptions.UsageException e) {
            System.err.println(e.getMessage());
            System.err.print(GatewayOptions.USAGE);
            System.exit(2);
            return;
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("The gateway cannot start");
            System.exit(1);
            return;
        }
        Thread hook = new Thread(gateway::close, "stop");
        java.lang.Runtime.getRuntime().addShutdownHook(hook);
        if (options.endWithStdin()) {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
            System.exit(0);
        }
        hook.join();
    }

    private void streamPrepared() {
        // The keeper may be ready before the rest of the gateway is.
        PlanRunner ready = runner;
        if (ready != null) {
            ready.wake();
        }
    }

    private static String version() {
        String version = Gateway.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private GatewayHealth health() {
        return GatewayHealth.of(board.routes(), stream.up());
    }

    private Heartbeat heartbeat() {
        Reconciler reconciler = engine.reconciler();
        RoutePlan running = reconciler.running();
        Trial rejected = reconciler.rejected();
        return new Heartbeat(
                version(),
                health(),
                running == null ? null : running.hash(),
                running == null ? null : running.revision(),
                desired(reconciler),
                rejected == null
                        ? null
                        : new Heartbeat.Rejected(
                                rejected.hash(), rejected.revision(), Objects.requireNonNull(rejected.reason())),
                board.routes(),
                engine.replays().all(),
                new Heartbeat.Stream(stream.addresses(), stream.up()),
                clock.instant());
    }

    private static @Nullable Long desired(Reconciler reconciler) {
        return reconciler.desiredRevision() == 0 ? null : reconciler.desiredRevision();
    }

    private HealthServer.Source source() {
        Metrics metrics = new Metrics(board, counters, stream, engine.ledger());
        return new HealthServer.Source() {
            @Override
            public boolean ready() {
                return stream.prepared() && stream.up() && runner.settled();
            }

            @Override
            public boolean working() {
                return Gateway.this.health().compareTo(GatewayHealth.DEGRADED) <= 0;
            }

            @Override
            public byte[] health() {
                return document();
            }

            @Override
            public String metrics() {
                return metrics.scrape();
            }
        };
    }

    private byte[] document() {
        engine.ledger()
                .notice()
                .ifPresentOrElse(
                        gap -> notices.raise(Notices.Subject.LEDGER, gap), () -> notices.clear(Notices.Subject.LEDGER));
        Reconciler reconciler = engine.reconciler();
        RoutePlan running = reconciler.running();
        Trial rejected = reconciler.rejected();
        String controlPlane = options.controlPlane().isEmpty()
                ? "none"
                : notices.standing(Notices.Subject.CONTROL_PLANE) ? "unreachable" : "reachable";
        HealthDocument document = new HealthDocument(
                options.name(),
                version(),
                health(),
                new HealthDocument.Stream(stream.addresses(), stream.up(), stream.prepared()),
                new HealthDocument.ControlPlane(controlPlane),
                new HealthDocument.Plan(
                        running == null ? null : running.revision(),
                        running == null ? null : running.hash(),
                        desired(reconciler),
                        rejected == null
                                ? null
                                : new HealthDocument.Rejected(
                                        rejected.hash(),
                                        rejected.revision(),
                                        Objects.requireNonNull(rejected.reason()))),
                board.routes(),
                engine.replays().all(),
                notices.all(),
                clock.instant());
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
