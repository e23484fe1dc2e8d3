package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.ledger.Figures;
import io.streamforge.ledger.LedgerComponent;
import io.streamforge.ledger.SourceLosses;
import io.streamforge.model.Batch;
import io.streamforge.model.ElapsedClock;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.SourcePositions;
import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.plan.Epochs;
import io.streamforge.routes.plan.PlanStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Component;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.ShutdownStrategy;

/** Camel as the gateway uses it: a context without JMX or routes of its own, with the stream's component and the templates in it. */
public final class RouteEngine implements AutoCloseable {

    private static final Duration PROOF_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    /** Without the stream nothing can be written any more: what is under way is read or sent again after the start. */
    private static final Duration STOP_LIMIT_WITHOUT_STREAM = Duration.ofSeconds(2);

    private final Main main = new Main();
    private final LocalStream stream;
    private final Reconciler reconciler;
    private final StandingRoutes standing;
    private final ProducerTemplate writer;
    private final Replays replays;
    private final Secrets secrets;
    private final RouteBoard board;
    private final UnsaidLosses unsaid;

    /**
     * Starts Camel with everything routes are made of, and no route yet.
     *
     * @param data the gateway's data folder
     * @param own an integrator's folder of templates and connectors, if there is one
     * @throws IOException if the templates cannot be looked through, or what sources lost before the last stop cannot be read
     */
    public RouteEngine(
            String gatewayId,
            String process,
            Path data,
            Optional<Path> own,
            Map<String, String> environment,
            LocalStream stream,
            SchemaRegistry registry,
            Notices notices,
            RouteBoard board,
            RouteCounters counters,
            Clock clock)
            throws IOException {
        this.stream = stream;
        MainConfigurationProperties configuration = main.configure();
        configuration.setJmxEnabled(false);
        configuration.setName(gatewayId);
        configuration.setShutdownTimeout((int) STOP_LIMIT.toSeconds());
        configuration.setRoutesIncludePattern("false");
        main.start();
        ModelCamelContext context = (ModelCamelContext) main.getCamelContext();
        bind(context, gatewayId, process, data, stream, registry, counters);
        this.board = board;
        this.unsaid = new UnsaidLosses(new DurableFile(data, "losses.json"));
        board.lostBefore(unsaid.take());
        context.getRegistry().bind("sourceLosses", SourceLosses.class, (SourceLosses) board::losses);
        this.standing = new StandingRoutes(context, notices);
        this.writer = context.createProducerTemplate();
        Library library = new Library(context, own);
        if (!library.broken().isEmpty()) {
            notices.raise(Notices.Subject.TEMPLATES, "Templates cannot be loaded: " + library.broken());
        }
        this.secrets = new Secrets(data, environment);
        RouteHost host = new RouteHost(context, library, secrets, new Epochs(data), gatewayId);
        Clock elapsed = new ElapsedClock();
        this.reconciler = new Reconciler(
                host,
                new PlanStore(data),
                stream,
                notices,
                board,
                counters,
                elapsed,
                PROOF_LIMIT,
                Integer.parseInt(process));
        this.replays = new Replays(
                host,
                reconciler,
                stream,
                board,
                new DurableFile(data, "replays.json"),
                new RestartBudget(elapsed),
                clock);
    }

    /** Makes an endpoint scheme known, before {@link #standingRoutes} are started. */
    public void addComponent(String scheme, Component component) {
        main.getCamelContext().addComponent(scheme, component);
    }

    /** The routes that are not the plan's. */
    public StandingRoutes standingRoutes() {
        return standing;
    }

    /**
     * Writes a batch to a topic and waits until the stream has it.
     *
     * @throws TimeoutException if that is not known in time; it may have it nevertheless
     */
    public void write(String topic, Batch batch, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        writer.asyncSendBody("backbone:" + topic, batch).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A connector's properties with the values in the place of its secret references.
     *
     * @throws IOException if this gateway does not know one of them
     */
    public JsonNode withSecrets(JsonNode properties) throws IOException {
        return secrets.resolve(properties);
    }

    /** What the loss ledger has said since this process started. */
    public Figures ledger() {
        return ledgerComponent().figures();
    }

    private LedgerComponent ledgerComponent() {
        return main.getCamelContext().getComponent("ledger", LedgerComponent.class);
    }

    /** Brings routes to a plan. */
    public Reconciler reconciler() {
        return reconciler;
    }

    /** Runs stages and sinks once more over the past. */
    public Replays replays() {
        return replays;
    }

    /** Stops every route, which writes and commits what it holds, and Camel. */
    @Override
    public void close() {
        LedgerComponent ledger = ledgerComponent();
        main.getCamelContext()
                .getShutdownStrategy()
                .setTimeout((stream.up() ? STOP_LIMIT : STOP_LIMIT_WITHOUT_STREAM).toSeconds());
        main.stop();
        unsaid.keep(ledger.unsaid(board.losses()));
    }

    private static void bind(
            ModelCamelContext context,
            String gatewayId,
            String process,
            Path data,
            LocalStream stream,
            SchemaRegistry registry,
            RouteCounters counters) {
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(stream.addresses());
        backbone.setGatewayId(gatewayId);
        backbone.setProcess(process);
        context.addComponent("backbone", backbone);
        context.getRegistry().bind("schemaRegistry", SchemaRegistry.class, registry);
        context.getRegistry().bind("sourcePositions", SourcePositions.class, backbone.sourcePositions());
        context.getRegistry().bind("dataFolder", Path.class, data);
        context.addRoutePolicyFactory(counters);
        context.getCamelContextExtension().addInterceptStrategy(counters);
        ShutdownStrategy shutdown = context.getShutdownStrategy();
        shutdown.setTimeout(STOP_LIMIT.toSeconds());
        shutdown.setShutdownNowOnTimeout(true);
    }
}
