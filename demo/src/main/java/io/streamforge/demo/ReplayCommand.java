package io.streamforge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a gateway run a stage or sink once more over a part of the past, and shows how it gets on. */
@Command(name = "replay")
final class ReplayCommand implements Callable<Integer> {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    @Mixin
    private Login login = new Login();

    @Option(names = "--route", description = "The stage or sink, for instance validate.telemetry.")
    private @Nullable String route;

    @Option(names = "--from", description = "A time in UTC (2026-11-20T00:00Z) or an offset.")
    private @Nullable String from;

    @Option(names = "--to", description = "The first time or offset that is left out.")
    private @Nullable String to;

    @Option(names = "--into", description = "The side topic that takes a stage's results.")
    private @Nullable String into;

    @Option(names = "--rate", description = "Most records read per second (default: 5000).")
    private int rate = 5000;

    @Option(names = "--gateway", description = "Which gateway, where there are several.")
    private @Nullable String gateway;

    @Option(names = "--id", description = "Names the replay: asked for twice, it runs once.")
    private String id = UUID.randomUUID().toString().substring(0, 8);

    @Option(names = "--cancel", paramLabel = "ID", description = "End a replay before it is through.")
    private @Nullable String cancelled;

    @Option(names = "--detached", description = "Do not wait for its end.")
    private boolean detached;

    @Override
    public Integer call() throws InterruptedException {
        if (cancelled == null && (route == null || from == null)) {
            throw new DemoException(
                    "Options --route and --from say what is run once more; see ./streamforge replay --help.");
        }
        ControlPlaneApi api = login.open();
        String gatewayId = gateway(api);
        if (cancelled != null) {
            print(carriedOut(api.post("/gateways/%s/replays/%s/cancel".formatted(gatewayId, cancelled), Map.of())));
            return 0;
        }
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("id", id);
        order.put("routeId", route);
        order.put("from", from);
        order.put("to", to);
        order.put("into", into);
        order.put("ratePerS", rate);
        JsonNode status = carriedOut(api.post("/gateways/%s/replays".formatted(gatewayId), order));
        print(status);
        return detached ? 0 : follow(api, gatewayId, status);
    }

    /** What the gateway answered; its refusal ends the command. */
    private static JsonNode carriedOut(JsonNode answer) {
        if (!answer.path("status").asText().equals("OK")) {
            throw new DemoException(answer.path("error").asText());
        }
        return answer.path("result");
    }

    private String gateway(ControlPlaneApi api) {
        if (gateway != null) {
            return gateway;
        }
        List<String> known = new ArrayList<>();
        api.get("/gateways?status=APPROVED&limit=1000")
                .path("items")
                .forEach(item -> known.add(item.path("id").asText()));
        if (known.size() != 1) {
            throw new DemoException("Name the gateway with --gateway. Known: %s.".formatted(String.join(", ", known)));
        }
        return known.get(0);
    }

    private int follow(ControlPlaneApi api, String gatewayId, JsonNode begun) throws InterruptedException {
        JsonNode shown = begun;
        while (shown.path("state").asText().equals("RUNNING")) {
            Thread.sleep(LOOK_EVERY.toMillis());
            for (JsonNode status : api.get("/gateways/" + gatewayId).path("replays")) {
                if (status.path("id").asText().equals(id) && !status.equals(shown)) {
                    shown = status;
                    print(status);
                }
            }
        }
        return shown.path("state").asText().equals("DONE") ? 0 : 1;
    }

    private static void print(JsonNode status) {
        System.out.printf(
                "%s  %s  %s  %,d of %,d%s%n",
                status.path("id").asText(),
                status.path("routeId").asText(),
                status.path("state").asText(),
                status.path("done").asLong(),
                status.path("total").asLong(),
                status.hasNonNull("detail") ? "  " + status.path("detail").asText() : "");
    }
}
