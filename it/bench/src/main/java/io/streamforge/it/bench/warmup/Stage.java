package io.streamforge.it.bench.warmup;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.it.bench.ShippedRoute;
import io.streamforge.it.bench.Variant;
import java.util.Map;

/** A stage whose state is rebuilt, as the product configures it. */
enum Stage {
    /** With rules that remember each series for a minute. */
    VALIDATE("validate.telemetry", "telemetry.raw", "telemetry.clean") {
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
    /** Windows of one second. */
    AGGREGATE("aggregate.1s", "telemetry.clean", "telemetry.1s") {
        @Override
        ShippedRoute start(String bootstrap, String registry) throws Exception {
            return new ShippedRoute(
                    bootstrap,
                    registry,
                    "aggregate",
                    routeId,
                    Map.of("source", input, "target", output, "resolutionMs", "1000"),
                    Map.of());
        }
    };

    private static final String RULES = """
            [{"asset":"*","parameter":"*","range":{"min":-1000,"max":1000},
              "rate":{"maxPerSecond":1000,"withinMs":60000},"flatline":{"afterMs":60000}}]""";

    final String routeId;
    final String input;
    final String output;

    Stage(String routeId, String input, String output) {
        this.routeId = routeId;
        this.input = input;
        this.output = output;
    }

    abstract ShippedRoute start(String bootstrap, String registry) throws Exception;

    /** The child JVM: {@code Stage <stage> <bootstrap> <registry>}, until its input ends. */
    public static void main(String[] arguments) throws Exception {
        try (ShippedRoute route = valueOf(arguments[0]).start(arguments[1], arguments[2])) {
            Variant.serve();
        }
    }
}
