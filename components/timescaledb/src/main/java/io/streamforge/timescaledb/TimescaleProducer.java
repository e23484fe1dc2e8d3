package io.streamforge.timescaledb;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.streamforge.model.Batch;
import io.streamforge.model.ElapsedClock;
import io.streamforge.model.SchemaRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each batch before the exchange goes on, so that offsets move only after the database has it. While the database is away the breaker
 * keeps the route from asking in vain; a refused record or an absent registry is none of its doing and does not count. An empty batch connects and asks for a sign
 * of life: a sink without traffic has its tables and knows its state.
 */
final class TimescaleProducer extends DefaultProducer {

    private static final Logger LOG = LoggerFactory.getLogger(TimescaleProducer.class);

    private final SinkConfig config;
    private final @Nullable String password;
    private final CircuitBreaker breaker;
    private @Nullable Session session;
    private String lastFailure = "";

    TimescaleProducer(TimescaleEndpoint endpoint, SinkConfig config, @Nullable String password) {
        super(endpoint);
        this.config = config;
        this.password = password;
        this.breaker = CircuitBreaker.of(
                config.name(),
                CircuitBreakerConfig.custom()
                        .clock(new ElapsedClock())
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(config.breakerFailures())
                        .minimumNumberOfCalls(config.breakerFailures())
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(config.breakerPause())
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
        this.breaker.getEventPublisher().onStateTransition(event -> logTransition(event.getStateTransition()));
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Batch batch = exchange.getMessage().getMandatoryBody(Batch.class);
        if (!breaker.tryAcquirePermission()) {
            throw new DatabaseUnavailableException("%s The breaker is open: next attempt within %d ms."
                    .formatted(lastFailure, config.breakerPause().toMillis()));
        }
        long start = System.nanoTime();
        try {
            deliver(exchange.getFromRouteId(), batch);
            breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        } catch (DatabaseUnavailableException e) {
            lastFailure = String.valueOf(e.getMessage());
            breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, e);
            endSession();
            throw e;
        } catch (RuntimeException | Error e) {
            // An Error too: the one permission of a half-open breaker that is not given back would never be given
            // again.
            breaker.releasePermission();
            throw e;
        }
    }

    private void deliver(String routeId, Batch batch) {
        if (session == null) {
            SchemaRegistry registry =
                    CamelContextHelper.mandatoryFindSingleByType(getEndpoint().getCamelContext(), SchemaRegistry.class);
            session = Session.open(config, password, new RowReader(registry));
        }
        if (batch.size() == 0) {
            session.ping();
        } else {
            session.write(routeId, batch);
        }
    }

    @Override
    protected void doStop() {
        endSession();
    }

    private void endSession() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void logTransition(CircuitBreaker.StateTransition transition) {
        switch (transition) {
            case CLOSED_TO_OPEN ->
                LOG.atWarn()
                        .addKeyValue("sink", config.name())
                        .addKeyValue("failures", config.breakerFailures())
                        .addKeyValue("fault", lastFailure)
                        .log("The sink's breaker opened");
            case HALF_OPEN_TO_CLOSED ->
                LOG.atInfo().addKeyValue("sink", config.name()).log("The sink's breaker closed");
            default -> {}
        }
    }
}
