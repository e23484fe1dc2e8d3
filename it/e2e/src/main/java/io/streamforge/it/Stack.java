package io.streamforge.it;

import io.streamforge.adapter.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The processes of one test on ports of their own and one directory; all ended when closed, the last started first. */
final class Stack implements AutoCloseable {

    /** What the secret {@code push.key} is in every gateway. */
    static final String PUSH_KEY = "only-for-the-test-0";

    /** What lives for minutes is not worth compiling twice. The gateway runs as it is shipped. */
    private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Path directory;
    private final int brokerPort = FreePort.next();
    private final int controllerPort = FreePort.next();
    private final int registryPort = FreePort.next();
    private final int controlPlanePort = FreePort.next();
    private final int gatewayPort = FreePort.next();
    private final int postgresPort = FreePort.next();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private UnaryOperator<List<String>> plantNetwork = UnaryOperator.identity();

    Stack(Path directory) {
        this.directory = directory;
    }

    /** From now on broker and gateway start inside: their network is not the control plane's, which they reach and which does not reach them. */
    Namespace plantNetwork() {
        Namespace namespace = with(new Namespace(directory, controlPlanePort));
        plantNetwork = namespace::command;
        return namespace;
    }

    Part broker() {
        Part broker = part(
                "broker",
                plantNetwork.apply(Part.java(
                        SHORT_LIVED,
                        "broker",
                        "io.streamforge.broker.Broker",
                        List.of(
                                "--detached",
                                "--data",
                                directory.resolve("broker-data").toString(),
                                "--port",
                                Integer.toString(brokerPort),
                                "--controller-port",
                                Integer.toString(controllerPort),
                                "--registry-port",
                                Integer.toString(registryPort)))),
                Map.of());
        Awaitility.await("the broker to be ready")
                .atMost(Duration.ofSeconds(90))
                .until(() -> broker.log().contains("READY"));
        return broker;
    }

    Postgres postgres() {
        Postgres postgres = new Postgres(directory, postgresPort).start();
        open.push(postgres);
        postgres.execute("postgres", "CREATE DATABASE streamforge");
        postgres.execute("postgres", "CREATE DATABASE plant");
        return postgres;
    }

    Part controlPlane(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + controlPlanePort,
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/streamforge".formatted(postgresPort),
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=unused",
                "--streamforge.console.dir=" + Part.home().resolve("web-ui/dist")));
        arguments.addAll(List.of(more));
        Part controlPlane = part(
                "control-plane",
                Part.java(SHORT_LIVED, "control-plane", "io.streamforge.controlplane.ControlPlane", arguments),
                Map.of());
        awaitReady(controlPlane, controlPlaneUrl());
        return controlPlane;
    }

    /** A gateway that is told what to run by a plan file, without any control plane. */
    Part gatewayWithPlan(Path plan) {
        return gateway(List.of("--plan", plan.toString(), "--name", "gw-1"));
    }

    /** A gateway that enrols with the control plane of this stack. */
    Part gatewayWithToken(String token) {
        return gateway(List.of("--control-plane", controlPlaneUrl(), "--token", token, "--name", "gw-1"));
    }

    /** Another process of a gateway, and where its health is asked. */
    record Second(Part part, String url) {}

    /** A second process of the gateway {@code gw-1}, which follows the plan that the first one keeps. */
    Second secondProcess() {
        int port = FreePort.next();
        Path followed = directory.resolve("gateway-data").resolve("plan.json");
        Part part =
                gateway("gateway-1", port, List.of("--process", "1", "--plan", followed.toString(), "--name", "gw-1"));
        return new Second(part, "http://127.0.0.1:" + port);
    }

    /** A gateway that has nothing to do with {@code gw-1} but its stream. */
    Part gatewayBeside(Path plan) {
        return gateway("gateway-beside", FreePort.next(), List.of("--plan", plan.toString(), "--name", "gw-beside"));
    }

    private Part gateway(List<String> more) {
        return gateway("gateway", gatewayPort, more);
    }

    private Part gateway(String name, int port, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--data", directory.resolve(name + "-data").toString(),
                "--bootstrap", bootstrap(),
                "--registry", registry(),
                "--http-port", Integer.toString(port)));
        arguments.addAll(more);
        return part(
                name,
                plantNetwork.apply(Part.java(
                        List.of("@" + Part.home().resolve("routes/target/dist/gateway.jvmoptions")),
                        "routes",
                        "io.streamforge.routes.Gateway",
                        arguments)),
                Map.of("STREAMFORGE_SECRET_PLANT_DB_PASSWORD", "unused", "STREAMFORGE_SECRET_PUSH_KEY", PUSH_KEY));
    }

    Part part(String name, List<String> command, Map<String, String> environment) {
        Part part = new Part(name, directory, command, environment).start();
        open.push(part);
        return part;
    }

    <T extends AutoCloseable> T with(T resource) {
        open.push(resource);
        return resource;
    }

    String bootstrap() {
        return "127.0.0.1:" + brokerPort;
    }

    String registry() {
        return "http://127.0.0.1:" + registryPort;
    }

    String controlPlaneUrl() {
        return "http://127.0.0.1:" + controlPlanePort;
    }

    String gatewayUrl() {
        return "http://127.0.0.1:" + gatewayPort;
    }

    /** Makes a topic that is none of the gateway's own. */
    void topic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    Stream stream() {
        return new Stream(bootstrap(), registry(), directory);
    }

    Path directory() {
        return directory;
    }

    /** Waits until {@code /health/ready} answers 200; a part that ends meanwhile is told with the end of its log. */
    private static void awaitReady(Part part, String url) {
        awaiting(url)
                .failFast("it runs", () -> {
                    if (!part.isAlive()) {
                        throw new IllegalStateException(part.tail());
                    }
                })
                .until(() -> status(url + "/health/ready") == 200);
    }

    /** Waits until {@code /health/ready} answers 200. */
    static void awaitReady(String url) {
        awaiting(url).until(() -> status(url + "/health/ready") == 200);
    }

    private static ConditionFactory awaiting(String url) {
        return Awaitility.await(url + "/health/ready")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200));
    }

    private static int status(String url) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String get(String url) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Path write(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
