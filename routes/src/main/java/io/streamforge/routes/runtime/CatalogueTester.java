package io.streamforge.routes.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a Kamelet of the catalogue behind the shipped connector, in a Camel context of its own, until it hands something over, fails or has had its time.
 * What it hands over is refused, so that a source which waits for that goes back to where it was; what else the Kamelet does, it does.
 */
public final class CatalogueTester implements ConnectionTester {

    private static final String ROUTE = "test";
    private static final String CONNECTOR = ROUTE + RouteHost.CONNECTOR_SUFFIX;
    private static final String POINTS = ROUTE + ".points";
    private static final String SECRET = ROUTE + ".secret";
    private static final String REFUSAL = "A test shows what came, and refuses it.";
    private static final Duration LONGEST = Duration.ofSeconds(12);
    private static final long STOP_SECONDS = 2;

    private final Duration longest;

    public CatalogueTester() {
        this(LONGEST);
    }

    CatalogueTester(Duration longest) {
        this.longest = longest;
    }

    @Override
    public String connector() {
        return "catalogue-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        String kamelet = properties.path("kamelet").asText("");
        long started = System.nanoTime();
        Watch watch = new Watch();
        try (DefaultCamelContext context = context(properties, points)) {
            context.start();
            begin(context, watch);
            watch.await(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was interrupted.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Outcome(
                watch.samples(points, longest), watch.fault(kamelet), Duration.ofNanos(System.nanoTime() - started));
    }

    private static void begin(DefaultCamelContext context, Watch watch) {
        try {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from("kamelet:catalogue-source/" + CONNECTOR).routeId(ROUTE).process(watch);
                }
            });
        } catch (Exception e) { // a Kamelet and its component may throw anything as they start
            watch.fail(e);
        }
        for (Route route : context.getRoutes()) {
            if (route.getConsumer() instanceof DefaultConsumer consumer) {
                consumer.setExceptionHandler(watch);
            }
        }
    }

    private static DefaultCamelContext context(JsonNode properties, JsonNode points) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(STOP_SECONDS);
        Properties given = new Properties();
        properties.fields().forEachRemaining(property -> {
            String value = property.getValue().asText("");
            boolean secret = property.getKey().equals("secret") && !value.isEmpty();
            if (secret) {
                context.getRegistry().bind(SECRET, Secrets.bean(value));
            }
            given.setProperty(property.getKey(), secret ? "#bean:" + SECRET : value);
        });
        context.getRegistry().bind(POINTS, points);
        given.setProperty("points", POINTS);
        KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
        kamelets.setRouteProperties(Map.of(CONNECTOR, given));
        kamelets.setLocation(RouteHost.KAMELETS);
        return context;
    }

    /** Sees the first exchange, or the first failure if that comes before. */
    private static final class Watch implements Processor, ExceptionHandler {

        private final CountDownLatch ended = new CountDownLatch(1);
        private @Nullable List<Sample> seen;
        private @Nullable Throwable failure;

        @Override
        public void process(Exchange exchange) {
            @SuppressWarnings("unchecked") // the contract of a source
            List<Observation> observations = exchange.getMessage().getBody(List.class);
            synchronized (this) {
                if (ended.getCount() > 0) {
                    seen = Observation.samples(observations);
                    ended.countDown();
                }
            }
            throw new IllegalStateException(REFUSAL);
        }

        @Override
        public void handleException(Throwable exception) {
            fail(exception);
        }

        @Override
        public void handleException(String message, Throwable exception) {
            fail(exception);
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            fail(exception);
        }

        synchronized void fail(Throwable cause) {
            if (ended.getCount() > 0) {
                failure = cause;
                ended.countDown();
            }
        }

        void await(Duration longest) throws InterruptedException {
            ended.await(longest.toMillis(), TimeUnit.MILLISECONDS);
            // from here on it is being ended: what fails now fails for that
            ended.countDown();
        }

        synchronized Optional<String> fault(String kamelet) {
            Throwable cause = failure;
            if (cause != null) {
                return Optional.of("Kamelet '%s': %s".formatted(kamelet, Causes.sentence(cause)));
            }
            List<Sample> samples = seen == null ? List.of() : seen;
            return samples.stream()
                    .filter(sample -> sample.quality() == Quality.BAD)
                    .findFirst()
                    .map(bad -> "Kamelet '%s' hands over what point '%s' is not in: %s."
                            .formatted(kamelet, bad.parameter(), bad.reason()));
        }

        synchronized List<Sample> samples(JsonNode points, Duration waited) {
            List<Sample> samples = seen;
            if (samples != null) {
                return samples;
            }
            String reason = failure == null ? "no message within %d ms".formatted(waited.toMillis()) : "no message";
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            List<Sample> none = new ArrayList<>();
            points.forEach(row -> none.add(new Sample(
                    null,
                    row.path("name").asText(""),
                    null,
                    row.path("unit").asText(""),
                    Classification.TELEMETRY,
                    failure == null ? Quality.UNCERTAIN : Quality.BAD,
                    reason,
                    null,
                    now)));
            return none;
        }
    }
}
