package io.streamforge.it.bench.validate;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.it.bench.ShippedRoute;
import io.streamforge.it.bench.Variant;
import java.util.Map;

/** The child JVM of one variant: {@code VariantProcess <variant> <bootstrap> <registry>}, until its input ends. */
public final class VariantProcess {

    private VariantProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String bootstrap = arguments[1];
        String registry = arguments[2];
        try (AutoCloseable variant =
                switch (name) {
                    case "route" -> route(bootstrap, registry, true);
                    case "at-least-once" -> route(bootstrap, registry, false);
                    case "hand" -> LoopVariant.hand(bootstrap, registry);
                    case "copy" -> LoopVariant.copy(bootstrap);
                    case "streams" -> new StreamsVariant(bootstrap, registry);
                    default ->
                        throw new IllegalArgumentException(
                                "Unknown variant '%s'. Known: route, at-least-once, hand, copy, streams."
                                        .formatted(name));
                }) {
            Variant.serve();
        }
    }

    /** Our route: the shipped template with the rules as the gateway would bind them. */
    private static ShippedRoute route(String bootstrap, String registry, boolean exactlyOnce) throws Exception {
        return new ShippedRoute(
                bootstrap,
                registry,
                "validate",
                ValidateBench.group("route"),
                Map.of("exactlyOnce", Boolean.toString(exactlyOnce)),
                Map.of("rules", new ObjectMapper().readTree(Workload.rulesJson())));
    }
}
