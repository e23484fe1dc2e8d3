package io.streamforge.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One demo from its first child to its last. */
final class DemoRun {

    static final String GATEWAY = "gw-1";

    private static final Duration START_PATIENCE = Duration.ofSeconds(120);
    private static final int HOPELESS_RESTARTS = 3;
    private static final long LOG_LIMIT_BYTES = 5L << 20;
    private static final int LOG_TAIL = 15;
    private static final String FRESH_VALUES =
            "SELECT 1 FROM telemetry WHERE asset_id = 'boiler-1' AND time > now() - interval '20 seconds' LIMIT 1";

    private final DataFolder folder;
    private final Ports ports;
    private final Dist dist;
    private final Progress progress;
    private final Secrets secrets;
    private final Postgres postgres;
    private final String url;
    private final List<Child> children = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private boolean stopping;
    private boolean ready;

    DemoRun(DataFolder folder, Ports ports, Dist dist, Progress progress) {
        this.folder = folder;
        this.ports = ports;
        this.dist = dist;
        this.progress = progress;
        this.secrets = Secrets.keptIn(folder);
        this.postgres = new Postgres(folder, ports.postgres(), secrets);
        this.url = "http://127.0.0.1:" + ports.console();
    }

    void start() throws InterruptedException {
        progress.begin("Starting StreamForge (data and logs in " + folder.root() + ")");
        remember();
        postgres.prepare();
        Child database = begin(postgresChild());
        Child broker = begin(brokerChild());
        Child plant = begin(plantChild());
        await(database, "databases on 127.0.0.1:" + ports.postgres());
        postgres.createDatabases();
        PlantDescription.write(plantFile(), ports);
        Child controlPlane = begin(controlPlaneChild());
        await(
                plant,
                "boiler, press line, tank farm, energy meter on 127.0.0.1:%d-%d"
                        .formatted(ports.plant(), ports.plant() + 3));
        await(broker, "stream on 127.0.0.1:%d, registry on :%d".formatted(ports.broker(), ports.registry()));
        await(controlPlane, "console and API on 127.0.0.1:" + ports.console());

        Bootstrap bootstrap = new Bootstrap(new ControlPlaneApi(url), folder, secrets);
        boolean ours = bootstrap.logIn();
        Child gateway = begin(gatewayChild(ours ? bootstrap.enrolmentToken() : Optional.empty()));
        await(gateway, "health and metrics on 127.0.0.1:" + ports.gateway());
        if (ours) {
            loadPlant(bootstrap, gateway);
        } else {
            progress.say("The console's admin password was changed, so the demo leaves the configuration as it is.");
        }
        synchronized (this) {
            ready = true;
        }
        remember();
        greet(ours);
    }

    private void loadPlant(Bootstrap bootstrap, Child gateway) throws InterruptedException {
        bootstrap.namePlant();
        Bootstrap.Approved approved =
                until(gateway, "the gateway to ask for its approval", () -> bootstrap.approve(gateway.logFile()));
        progress.done("approval", "fingerprint " + approved.fingerprint());
        bootstrap.loadPlant(approved.gatewayId(), plantFile());
        String running = until(gateway, "the gateway to run its plan", () -> bootstrap.running(approved.gatewayId()));
        progress.done("plan", running);
        until(gateway, "values in the plant's database", this::freshValues);
        progress.done("data", "values arrive in the plant's database");
    }

    private void greet(boolean passwordKnown) {
        progress.plain("");
        progress.plain("StreamForge runs.");
        progress.plain("");
        progress.plain("  Console   " + url);
        progress.plain("  User      admin");
        progress.plain("  Password  "
                + (passwordKnown
                        ? secrets.admin() + "  (kept in " + folder.of("secrets.json") + ")"
                        : "as you set it"));
        progress.plain("");
        progress.plain("Ctrl-C ends it. Parts of the plant fail on a schedule: see demo/notes.md.");
    }

    private Optional<Boolean> freshValues() {
        try (Connection connection =
                        DriverManager.getConnection(postgres.url(Postgres.PLANT), Postgres.PLANT, secrets.plant());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(FRESH_VALUES)) {
            return rows.next() ? Optional.of(true) : Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Ends every child, last started first, so that each outlives what uses it. */
    void stop() {
        List<Child> last;
        synchronized (this) {
            stopping = true;
            last = List.copyOf(children);
        }
        progress.plain("");
        progress.begin("Stopping");
        for (int i = last.size() - 1; i >= 0; i--) {
            last.get(i).stop();
            progress.done(last.get(i).name(), "ended");
        }
        try {
            Files.deleteIfExists(folder.state());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + folder.state(), e);
        } finally {
            stopped.countDown();
        }
    }

    private synchronized Child begin(Child.Specification specification) {
        if (stopping) {
            throw new DemoException("Stopped while starting.");
        }
        BoundedLog log = new BoundedLog(folder.logs().resolve(specification.name() + ".log"), LOG_LIMIT_BYTES);
        Child child = new Child(specification, log, progress, this::remember);
        children.add(child);
        child.start();
        return child;
    }

    private synchronized void remember() {
        if (!stopping) {
            List<DemoState.Part> parts =
                    children.stream().map(Child::part).filter(Objects::nonNull).toList();
            DemoState.Stream stream =
                    new DemoState.Stream("127.0.0.1:" + ports.broker(), "http://127.0.0.1:" + ports.registry());
            new DemoState(DemoState.Started.of(ProcessHandle.current()), url, ready, stream, parts).write(folder);
        }
    }

    private void await(Child child, String what) throws InterruptedException {
        until(child, child.name() + " to start", () -> child.ready() ? Optional.of(true) : Optional.empty());
        progress.done(child.name(), what);
    }

    private <T> T until(Child child, String what, Supplier<Optional<T>> condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            Optional<T> met = condition.get();
            if (met.isPresent()) {
                return met.get();
            }
            boolean hopeless = child.restarts() >= HOPELESS_RESTARTS;
            if (hopeless || System.nanoTime() - begun > START_PATIENCE.toNanos()) {
                throw new DemoException("Waited in vain for %s. The end of %s:%n%s"
                        .formatted(what, child.logFile(), tail(child.logFile())));
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static String tail(Path log) {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
        } catch (IOException e) {
            return "(cannot be read: " + e.getMessage() + ")";
        }
    }

    private Path plantFile() {
        return folder.of("plant.json");
    }

    private Child.Specification postgresChild() {
        return new Child.Specification(
                "postgres", postgres.command(), Map.of(), "INT", ports.postgres(), null, postgres::ready);
    }

    private Child.Specification brokerChild() {
        String health = "http://127.0.0.1:" + ports.registry() + "/subjects";
        List<String> arguments = new ArrayList<>(
                List.of("--detached", "--data", folder.of("broker").toString()));
        arguments.addAll(List.of("--port", String.valueOf(ports.broker())));
        arguments.addAll(List.of("--controller-port", String.valueOf(ports.controller())));
        arguments.addAll(List.of("--registry-port", String.valueOf(ports.registry())));
        return new Child.Specification(
                "broker",
                dist.java("broker", List.of("-Xmx320m"), "io.streamforge.broker.Broker", arguments),
                Map.of(),
                "TERM",
                ports.registry(),
                health,
                () -> Probe.http(health).equals("UP"));
    }

    private Child.Specification plantChild() {
        List<String> jvm = List.of("-Xmx48m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        List<String> arguments = List.of("--port", String.valueOf(ports.plant()));
        return new Child.Specification(
                "plant",
                dist.java("demo", jvm, "io.streamforge.demo.plant.Plant", arguments),
                Map.of(),
                "TERM",
                ports.plant(),
                null,
                () -> Probe.connection(ports.plant() + 2).equals("UP"));
    }

    private Child.Specification controlPlaneChild() {
        String health = url + "/health/ready";
        List<String> arguments = List.of(
                "--server.port=" + ports.console(),
                "--spring.datasource.url=" + postgres.url(Postgres.CONTROL_PLANE),
                "--spring.datasource.username=" + Postgres.CONTROL_PLANE,
                "--streamforge.console.dir=" + dist.console(),
                "--streamforge.demo.plant=" + plantFile());
        return new Child.Specification(
                "control-plane",
                dist.java("control-plane", List.of("-Xmx384m"), "io.streamforge.controlplane.ControlPlane", arguments),
                Map.of("SPRING_DATASOURCE_PASSWORD", secrets.controlPlane()),
                "TERM",
                ports.console(),
                health,
                () -> Probe.http(health).equals("UP"));
    }

    private Child.Specification gatewayChild(Optional<String> token) {
        List<String> arguments =
                new ArrayList<>(List.of("--data", folder.of("gateway").toString()));
        arguments.addAll(List.of("--bootstrap", "127.0.0.1:" + ports.broker()));
        arguments.addAll(List.of("--registry", "http://127.0.0.1:" + ports.registry()));
        arguments.addAll(List.of("--control-plane", url, "--name", GATEWAY));
        arguments.addAll(List.of("--http-port", String.valueOf(ports.gateway())));
        String root = "http://127.0.0.1:" + ports.gateway();
        Map<String, String> environment = new HashMap<>();
        environment.put("STREAMFORGE_SECRET_PLANT_DB_PASSWORD", secrets.plant());
        token.ifPresent(secret -> environment.put("STREAMFORGE_TOKEN", secret));
        return new Child.Specification(
                "gateway",
                dist.java(
                        "routes",
                        List.of("@" + dist.file("routes", "gateway.jvmoptions")),
                        "io.streamforge.routes.Gateway",
                        arguments),
                environment,
                "TERM",
                ports.gateway(),
                root + "/health/ready",
                () -> Probe.http(root + "/health/live").equals("UP"));
    }
}
