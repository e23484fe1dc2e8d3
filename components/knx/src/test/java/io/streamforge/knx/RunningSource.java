package io.streamforge.knx;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.WatchedStream;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A route from the component to a stream that is looked at. */
final class RunningSource implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final WatchedStream stream = new WatchedStream();

    /** @param options of the endpoint, as {@code nat=true&timeoutMs=300} */
    RunningSource(int port, String options, String points) throws Exception {
        context.getRegistry().bind("points", json(points));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("knx:127.0.0.1:%d?points=#bean:points&%s".formatted(port, options))
                        .routeId("knx")
                        .process(stream);
            }
        });
        context.start();
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(5));
    }

    KnxConsumer consumer() {
        return (KnxConsumer) context.getRoute("knx").getConsumer();
    }

    WatchedStream stream() {
        return stream;
    }

    List<Observation> observations() {
        return stream.taken().stream()
                .flatMap(exchange -> exchange.observations().stream())
                .toList();
    }

    List<Sample> samples(String point) {
        return Observation.samples(observations()).stream()
                .filter(sample -> sample.parameter().equals(point))
                .toList();
    }

    /** The last value of a point, or null. */
    @Nullable
    Value last(String point) {
        List<Sample> samples = samples(point);
        return samples.isEmpty() ? null : samples.get(samples.size() - 1).value();
    }

    void awaitValue(String point, Value value) {
        patiently().until(() -> value.equals(last(point)));
    }

    /** Waits until the tunnel stands. */
    RunningSource connected() {
        patiently()
                .until(() ->
                        consumer().counters().polls() > 0 && consumer().fault().isEmpty());
        return this;
    }

    @Override
    public void close() throws Exception {
        stream.release();
        context.close();
    }
}
