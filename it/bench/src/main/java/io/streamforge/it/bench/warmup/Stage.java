package io.streamforge.it.bench.warmup;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.it.bench.ShippedRoute;
import io.streamforge.it.bench.Variant;
import java.util.Map;

/** A stage whose state is rebuilt, as the product configures it. */
enum Stage {
    /** With rules that compare readings: each series is remembered for ten minutes. */
    VALIDATE("validate.telemetry", "telemetry.raw", 0, 620, 1) {
        @Override
        ShippedRoute start(String bootstrap, String registry) throws Exception {
            return new ShippedRoute(
                    bootstrap,
                    registry,
                    "validate",
                    routeId,
                    Map.of(),
                    Map.of("rules", new ObjectMapper().readTree(RULES)));
        }
    },
    SECONDS("aggregate.1s", "telemetry.clean", 0, 75, 1) {
        @Override
        ShippedRoute start(String bootstrap, String registry) throws Exception {
            return aggregate(bootstrap, registry, "telemetry.1s", 1_000);
        }
    },
    MINUTES("aggregate.1min", "telemetry.1s", 1, 170, 1) {
        @Override
        ShippedRoute start(String bootstrap, String registry) throws Exception {
            return aggregate(bootstrap, registry, "telemetry.1min", 60_000);
        }
    },
    HOURS("aggregate.1hour", "telemetry.1min", 60, 90, 60) {
        @Override
        ShippedRoute start(String bootstrap, String registry) throws Exception {
            return aggregate(bootstrap, registry, "telemetry.1hour", 3_600_000);
        }
    };

    private static final String RULES = """
            [{"asset":"*","parameter":"*","range":{"min":-1000,"max":1000},
              "rate":{"maxPerSecond":1000,"withinMs":60000},"flatline":{"afterMs":60000}}]""";

    final String routeId;
    final String input;
    /** Length of the windows it reads, seconds; 0 for readings. */
    final int finer;
    /** How often every series was read before: longer ago than the stage remembers. */
    final int polls;

    /** Seconds from one to the next. */
    final int every;

    Stage(String routeId, String input, int finer, int polls, int every) {
        this.routeId = routeId;
        this.input = input;
        this.finer = finer;
        this.polls = polls;
        this.every = every;
    }

    abstract ShippedRoute start(String bootstrap, String registry) throws Exception;

    ShippedRoute aggregate(String bootstrap, String registry, String target, int resolutionMs) throws Exception {
        return new ShippedRoute(
                bootstrap,
                registry,
                "aggregate",
                routeId,
                Map.of("source", input, "target", target, "resolutionMs", Integer.toString(resolutionMs)),
                Map.of());
    }

    /** The child JVM: {@code Stage <stage> <bootstrap> <registry>}, until its input ends. */
    public static void main(String[] arguments) throws Exception {
        try (ShippedRoute route = valueOf(arguments[0]).start(arguments[1], arguments[2])) {
            Variant.serve();
        }
    }
}
