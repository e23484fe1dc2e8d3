package io.streamforge.it.bench.validate;

import io.streamforge.it.bench.Variant;

/** The child JVM of one variant: {@code VariantProcess <variant> <bootstrap> <registry>}, until its input ends. */
public final class VariantProcess {

    private VariantProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String bootstrap = arguments[1];
        String registry = arguments[2];
        try (AutoCloseable variant =
                switch (name) {
                    case "route" -> new RouteVariant(bootstrap, registry);
                    case "hand" -> LoopVariant.hand(bootstrap, registry);
                    case "copy" -> LoopVariant.copy(bootstrap);
                    case "streams" -> new StreamsVariant(bootstrap, registry);
                    default ->
                        throw new IllegalArgumentException(
                                "Unknown variant '%s'. Known: route, hand, copy, streams.".formatted(name));
                }) {
            Variant.serve();
        }
    }
}
