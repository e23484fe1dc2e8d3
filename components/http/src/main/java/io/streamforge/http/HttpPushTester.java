package io.streamforge.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.TlsFiles;
import io.streamforge.http.Neighbour.Answer;
import io.streamforge.model.Classification;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Nobody can be asked for readings here, they are pushed: a test says whether the gateway can listen as it is to, who listens there already, and what senders
 * will see. It takes nothing from adapters that share the port.
 */
public final class HttpPushTester implements ConnectionTester {

    private final Clock clock;

    public HttpPushTester() {
        this(Clock.systemUTC());
    }

    HttpPushTester(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String connector() {
        return "http-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        PushConfig config = config(properties);
        new ApiKey(properties.path("apiKey").asText(""));
        long started = System.nanoTime();
        Sight sight = new Sight();
        Optional<String> fault = Optional.empty();
        try {
            X509Certificate own = certificate(config, sight);
            listener(config, own, sight);
        } catch (IOException e) {
            fault = Optional.of("HTTP source %s%s: %s.".formatted(config.address(), config.path(), e.getMessage()));
        }
        sight.good("key", "senders show it as X-Api-Key or Authorization: Bearer");
        return new Outcome(sight.samples, fault, Duration.ofNanos(System.nanoTime() - started));
    }

    /** By the endpoint's own setters and defaults. */
    private static PushConfig config(JsonNode properties) {
        HttpPushEndpoint endpoint = new HttpPushEndpoint(
                "http-push:test",
                new HttpPushComponent(),
                properties.path("host").asText("127.0.0.1"),
                properties.path("port").asInt(-1),
                properties.path("path").asText("/"));
        text(properties, "certificateFile", endpoint::setCertificateFile);
        text(properties, "keyFile", endpoint::setKeyFile);
        text(properties, "clientCaFile", endpoint::setClientCaFile);
        text(properties, "assetField", endpoint::setAssetField);
        text(properties, "parameterField", endpoint::setParameterField);
        text(properties, "valueField", endpoint::setValueField);
        text(properties, "unitField", endpoint::setUnitField);
        text(properties, "timestampField", endpoint::setTimestampField);
        text(properties, "epochUnit", endpoint::setEpochUnit);
        number(properties, "maxBodyBytes", endpoint::setMaxBodyBytes);
        number(properties, "maxReadings", endpoint::setMaxReadings);
        number(properties, "maxRequests", endpoint::setMaxRequests);
        number(properties, "acknowledgeTimeoutMs", endpoint::setAcknowledgeTimeoutMs);
        return endpoint.config();
    }

    private static void text(JsonNode properties, String name, Consumer<String> setter) {
        if (properties.hasNonNull(name)) {
            setter.accept(properties.get(name).asText());
        }
    }

    private static void number(JsonNode properties, String name, IntConsumer setter) {
        if (properties.hasNonNull(name)) {
            setter.accept(properties.get(name).asInt());
        }
    }

    private @Nullable X509Certificate certificate(PushConfig config, Sight sight) throws IOException {
        TlsFiles tls = config.tls();
        if (tls == null) {
            if (InetAddress.getByName(config.host()).isLoopbackAddress()) {
                sight.good("certificate", "none: http within this machine");
            } else {
                sight.add("certificate", "none: http", "the key and the readings cross the network as they are");
            }
            return null;
        }
        X509Certificate own = first(tls);
        try {
            own.checkValidity(Date.from(clock.instant()));
        } catch (CertificateException e) {
            throw new IOException(
                    "the certificate in %s is valid from %s to %s"
                            .formatted(
                                    tls.certificate(),
                                    own.getNotBefore().toInstant(),
                                    own.getNotAfter().toInstant()),
                    e);
        }
        sight.good(
                "certificate",
                "https as %s, until %s".formatted(name(own), own.getNotAfter().toInstant()));
        if (tls.trust().isPresent()) {
            sight.good("senders' certificates", "signed by the authorities in " + tls.authorities());
        }
        return own;
    }

    private static X509Certificate first(TlsFiles tls) throws IOException {
        for (KeyManager manager : tls.identity().orElseThrow().getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                for (String type : List.of("RSA", "EC", "Ed25519")) {
                    String[] aliases = keys.getServerAliases(type, null);
                    if (aliases != null) {
                        return keys.getCertificateChain(aliases[0])[0];
                    }
                }
            }
        }
        throw new IOException("the certificate in %s is of no use for https".formatted(tls.certificate()));
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static void listener(PushConfig config, @Nullable X509Certificate own, Sight sight) throws IOException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(address);
            sight.good("port", "free");
            return;
        } catch (IOException e) {
            Neighbour neighbour = Neighbour.at(address);
            if (neighbour == null) {
                throw new IOException("cannot be listened on: " + e.getMessage(), e);
            }
            known(config, neighbour, own, sight);
        }
    }

    /** Adapters share a port by their paths, and then its certificates; nobody else can be there. */
    private static void known(PushConfig config, Neighbour neighbour, @Nullable X509Certificate own, Sight sight)
            throws IOException {
        Answer answer = neighbour.ask(config.path(), own != null);
        X509Certificate shown = answer.certificate();
        if (own != null && shown == null) {
            throw new IOException("somebody listens there already, without TLS");
        }
        if (shown != null && !shown.equals(own)) {
            throw new IOException(
                    "somebody listens there already, with the certificate of %s until %s; give all adapters of a port the same one"
                            .formatted(name(shown), shown.getNotAfter().toInstant()));
        }
        boolean senderUnknown = own != null && answer.status() == 0;
        if (!answer.ofGateway() && !senderUnknown) {
            throw new IOException("another program listens there already, or a gateway with TLS");
        }
        sight.good(
                "port",
                senderUnknown
                        ? "a gateway listens, with this certificate"
                        : answer.status() == 404
                                ? "a gateway listens, the path is free"
                                : "a gateway listens at this path: this adapter, if it runs already");
    }

    /** What the test tells, in its order. */
    private final class Sight {

        private final List<Sample> samples = new ArrayList<>();

        void good(String name, String what) {
            add(name, what, null);
        }

        /** @param doubt null if it is as it should be */
        void add(String name, String what, @Nullable String doubt) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            samples.add(new Sample(
                    null,
                    name,
                    new Value.Text(what),
                    "",
                    Classification.TELEMETRY,
                    doubt == null ? Quality.GOOD : Quality.UNCERTAIN,
                    doubt,
                    null,
                    now));
        }
    }
}
