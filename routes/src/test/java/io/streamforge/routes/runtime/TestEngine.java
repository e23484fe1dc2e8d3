package io.streamforge.routes.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.routes.plan.Epochs;
import io.streamforge.routes.plan.PlanException;
import io.streamforge.routes.plan.PlanParser;
import io.streamforge.routes.plan.PlanStore;
import io.streamforge.routes.plan.RoutePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;

/** A reconciler over a real Camel context whose only endpoint is the probe; the stream is always up. */
final class TestEngine implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T08:00:00Z"));
    final DefaultCamelContext context = new DefaultCamelContext();
    final ProbeComponent probes = new ProbeComponent();
    final Notices notices = new Notices();
    final RouteCounters counters = new RouteCounters();
    final RouteBoard board = new RouteBoard(counters, clock);
    final PlanStore store;
    final Library library;
    final RouteHost host;
    final Reconciler reconciler;

    /** @param folder the templates are written there, and the data too */
    TestEngine(Path folder) throws Exception {
        write(folder, "route-templates/probe/probe.camel.yaml", PROBE_TEMPLATE);
        write(folder, "route-templates/probe/parameters.schema.json", PROBE_SCHEMA);
        write(folder, "route-templates/source/source.camel.yaml", SOURCE_TEMPLATE);
        write(folder, "route-templates/source/parameters.schema.json", SOURCE_SCHEMA);
        write(folder, "kamelets/probe-source.kamelet.yaml", PROBE_KAMELET);
        write(folder, "kamelets/around-source.kamelet.yaml", AROUND_KAMELET);
        context.addComponent("probe", probes);
        context.addRoutePolicyFactory(counters);
        context.start();
        library = new Library(context, Optional.of(folder));
        store = new PlanStore(folder.resolve("data"));
        host = new RouteHost(
                context,
                library,
                new Secrets(folder.resolve("data"), Map.of("STREAMFORGE_SECRET_PRESS_07_PASSWORD", "s3{{cr3t}}")),
                new Epochs(folder.resolve("data")),
                "gw-1");
        LocalStream up = new LocalStream() {
            @Override
            public String addresses() {
                return "";
            }

            @Override
            public boolean up() {
                return true;
            }

            @Override
            public boolean prepared() {
                return true;
            }
        };
        reconciler = new Reconciler(host, store, up, notices, board, counters, clock, Duration.ofSeconds(5), 0);
    }

    /** A plan of probe routes; each pair is the route's name and its text. */
    static RoutePlan probes(long revision, String... namesAndTexts) {
        ArrayNode routes = JSON.createArrayNode();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            ObjectNode route = routes.addObject();
            route.put("routeId", "probe." + namesAndTexts[i])
                    .put("template", "probe")
                    .put("version", "1");
            route.putObject("parameters").put("name", namesAndTexts[i]).put("text", namesAndTexts[i + 1]);
        }
        return plan(revision, routes.toString());
    }

    static RoutePlan plan(long revision, String routes) {
        try {
            return PlanParser.handWritten("{\"revision\":%d,\"gateway\":\"gw-1\",\"routes\":%s}"
                    .formatted(revision, routes)
                    .getBytes(UTF_8));
        } catch (PlanException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static void write(Path folder, String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Override
    public void close() {
        context.stop();
    }

    private static final String PROBE_TEMPLATE = """
            - routeTemplate:
                id: probe@1
                parameters:
                  - name: routeId
                  - name: name
                  - name: text
                from:
                  uri: probe:{{name}}
                  parameters:
                    text: "{{text}}"
                  steps:
                    - to: probe:out
            """;

    private static final String PROBE_SCHEMA = """
            {"type":"object","required":["name","text"],
             "properties":{"name":{"type":"string"},"text":{"type":"string","maxLength":20},"topics":{"type":"array"}}}
            """;

    private static final String SOURCE_TEMPLATE = """
            - routeTemplate:
                id: source@1
                parameters:
                  - name: routeId
                  - name: connector
                from:
                  uri: kamelet:{{connector}}/{{routeId}}.connector
                  steps:
                    - to: probe:out
            """;

    private static final String SOURCE_SCHEMA = """
            {"type":"object","required":["connector"],
             "properties":{"adapterId":{"type":"string"},"connector":{"type":"string"},"connectorVersion":{"type":"string"},
              "properties":{"type":"object"},"points":{"type":"array"}}}
            """;

    private static final String AROUND_KAMELET = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: around-source
              labels:
                camel.apache.org/kamelet.type: source
            spec:
              definition:
                title: Around
                type: object
                properties:
                  host:
                    type: string
              template:
                from:
                  uri: kamelet:probe-source/{{routeId}}.stock?host={{host}}&points={{points}}
                  steps:
                    - to: kamelet:sink
            """;

    private static final String PROBE_KAMELET = """
            apiVersion: camel.apache.org/v1
            kind: Kamelet
            metadata:
              name: probe-source
              annotations:
                streamforge.io/version: "3"
              labels:
                camel.apache.org/kamelet.type: source
            spec:
              definition:
                title: Probe
                type: object
                required: [host]
                properties:
                  host:
                    type: string
                  pollIntervalMs:
                    type: integer
                    minimum: 50
                    default: 1000
                  password:
                    type: string
                    minLength: 6
                    default: ""
              template:
                from:
                  uri: probe:{{host}}
                  parameters:
                    text: "{{pollIntervalMs}}"
                    points: "#bean:{{points}}"
                    secret: "{{password}}"
                  steps:
                    - to: kamelet:sink
            """;
}
