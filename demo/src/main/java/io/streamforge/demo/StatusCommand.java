package io.streamforge.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows each part of the running demo. */
@Command(name = "status")
final class StatusCommand implements Callable<Integer> {

    private static final int SOMETHING_ILL = 1;
    private static final int NOT_RUNNING = 3;

    @Mixin
    private Demo.Location location = new Demo.Location();

    @Option(names = "--json", description = "As JSON on one line.")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        DataFolder folder = location.folder();
        Optional<DemoState> state = folder.locked() ? DemoState.read(folder) : Optional.empty();
        if (state.isEmpty()) {
            System.out.println(json ? "{\"running\":false}" : "No demo is running. Start one with ./streamforge demo.");
            return NOT_RUNNING;
        }
        List<Seen> seen = state.get().parts().stream().map(StatusCommand::look).toList();
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(asJson(state.get(), seen)));
        } else {
            print(state.get(), seen);
        }
        return seen.stream().allMatch(part -> part.health.equals("UP")) ? 0 : SOMETHING_ILL;
    }

    private static Seen look(DemoState.Part part) {
        boolean alive = part.process().process().isPresent();
        return new Seen(part, alive ? Probe.health(part) : "not running");
    }

    private static void print(DemoState state, List<Seen> seen) {
        System.out.printf(
                "%s  %s (pid %d)%n%n",
                state.url(),
                state.ready() ? "running" : "starting",
                state.supervisor().pid());
        System.out.printf("%-14s %8s %7s  %-12s %10s  %s%n", "PART", "PID", "PORT", "HEALTH", "UPTIME", "RESTARTS");
        for (Seen each : seen) {
            System.out.printf(
                    "%-14s %8d %7d  %-12s %10s  %d%n",
                    each.part.name(),
                    each.part.process().pid(),
                    each.part.port(),
                    each.health,
                    uptime(each.part),
                    each.part.restarts());
        }
    }

    private static ObjectNode asJson(DemoState state, List<Seen> seen) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("running", true).put("ready", state.ready()).put("url", state.url());
        root.put("pid", state.supervisor().pid());
        ArrayNode parts = root.putArray("parts");
        for (Seen each : seen) {
            parts.addObject()
                    .put("name", each.part.name())
                    .put("pid", each.part.process().pid())
                    .put("port", each.part.port())
                    .put("health", each.health)
                    .put("uptimeMs", age(each.part).toMillis())
                    .put("restarts", each.part.restarts());
        }
        return root;
    }

    private static Duration age(DemoState.Part part) {
        return Duration.between(part.process().startedAt(), Instant.now());
    }

    private static String uptime(DemoState.Part part) {
        Duration age = age(part);
        return "%d:%02d:%02d".formatted(age.toHours(), age.toMinutesPart(), age.toSecondsPart());
    }

    private record Seen(DemoState.Part part, String health) {}
}
