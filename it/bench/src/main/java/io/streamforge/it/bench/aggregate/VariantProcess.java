package io.streamforge.it.bench.aggregate;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.ExactlyOnceLoop;
import io.streamforge.it.bench.ShippedRoute;
import io.streamforge.it.bench.Variant;
import io.streamforge.model.Schemas;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The child JVM of one variant: {@code VariantProcess <variant> <bootstrap> <registry>}, until its input ends. */
public final class VariantProcess {

    private VariantProcess() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        String bootstrap = arguments[1];
        Path state = Files.createTempDirectory("bench-" + name);
        ConfluentSchemaRegistry registry =
                new ConfluentSchemaRegistry(List.of(URI.create(arguments[2])), state.resolve("schemas.json"));
        int reading = registry.idFor(AggregateBench.clean(name), Schemas.READING);
        int aggregate = registry.idFor(AggregateBench.windows(name), Schemas.AGGREGATE);
        try (AutoCloseable variant =
                switch (name) {
                    case "route" -> route(bootstrap, arguments[2]);
                    case "hand" -> hand(bootstrap, new HandWindows(reading, aggregate));
                    case "streams" -> new StreamsVariant(bootstrap, state, reading, aggregate);
                    default ->
                        throw new IllegalArgumentException(
                                "Unknown variant '%s'. Known: route, hand, streams.".formatted(name));
                }) {
            Variant.serve();
        }
    }

    /** The shipped template {@code aggregate@1} with its defaults. */
    private static ShippedRoute route(String bootstrap, String registry) throws Exception {
        return new ShippedRoute(
                bootstrap,
                registry,
                "aggregate",
                AggregateBench.group("route"),
                Map.of(
                        "source",
                        AggregateBench.clean("route"),
                        "target",
                        AggregateBench.windows("route"),
                        "resolutionMs",
                        HandWindows.RESOLUTION / 1_000),
                Map.of());
    }

    private static AutoCloseable hand(String bootstrap, HandWindows windows) {
        return new ExactlyOnceLoop(
                "hand",
                bootstrap,
                AggregateBench.clean("hand"),
                AggregateBench.group("hand"),
                AggregateBench.MAX_POLL_RECORDS,
                (read, producer) -> {
                    byte @Nullable [] done = windows.take(read);
                    if (done != null) {
                        producer.send(new ProducerRecord<>(AggregateBench.windows("hand"), read.key(), done));
                    }
                });
    }
}
