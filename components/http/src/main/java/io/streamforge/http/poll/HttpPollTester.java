package io.streamforge.http.poll;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Asks a service once, without trying again. */
public final class HttpPollTester implements ConnectionTester {

    @Override
    public String connector() {
        return "http-poll-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        PollConfig config = PollConfig.of(
                properties.path("url").asText(""),
                properties.path("headers").asText(""),
                new Credentials(
                        properties.path("username").asText(""),
                        properties.path("secret").asText(""),
                        properties.path("secretHeader").asText(PollConfig.DEFAULT_SECRET_HEADER)),
                new TokenGrant(
                        properties.path("tokenUrl").asText(""),
                        properties.path("clientId").asText(""),
                        properties.path("clientSecret").asText(""),
                        properties.path("scope").asText("")),
                new TlsFiles(
                        properties.path("caFile").asText(""),
                        properties.path("certificateFile").asText(""),
                        properties.path("keyFile").asText("")),
                properties.path("pollIntervalMs").asLong(PollConfig.DEFAULT_POLL_INTERVAL_MS),
                properties.path("timeoutMs").asLong(PollConfig.DEFAULT_TIMEOUT_MS),
                properties.path("maxRequestsPerSecond").asInt(0),
                0,
                PollConfig.DEFAULT_RETRY_MAX_DELAY_MS,
                properties.path("maxBodyBytes").asInt(PollConfig.DEFAULT_MAX_BODY_BYTES),
                properties.path("epochUnit").asText(EpochUnit.MS.key()));
        PayloadMapping mapping = PayloadMapping.of("HTTP points", points, Set.of(), config.epochUnit());
        long started = System.nanoTime();
        try (PolledService service = new PolledService(config, mapping, Clock.systemUTC())) {
            List<Sample> samples = Observation.samples(service.poll());
            return new Outcome(samples, service.fault(), Duration.ofNanos(System.nanoTime() - started));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was interrupted.", e);
        }
    }
}
