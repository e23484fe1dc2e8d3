package io.streamforge.opcua;

import io.netty.channel.Channel;
import java.io.Closeable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfig;
import org.eclipse.milo.opcua.sdk.client.OpcUaSession;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.sdk.client.identity.AnonymousProvider;
import org.eclipse.milo.opcua.sdk.client.identity.IdentityProvider;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.identity.X509IdentityProvider;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;

/** One session with one server. Once it is open, Milo keeps it open: it resumes the session on a new connection, or makes a new one. */
final class Client implements Closeable {

    /** A server gets this long to say goodbye; whoever stops a route has two seconds. */
    private static final Duration FAREWELL = Duration.ofMillis(800);

    /** Milo's own publishing would take two notifications in the wrong order, and after a cut deliver some twice: {@link Publishing} does it. */
    private static final int PUBLISH_REQUESTS_OF_MILO = 0;

    static {
        // Aes256_Sha256_RsaPss signs by a name of RSASSA-PSS that the JDK's own providers do not know.
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider());
        }
    }

    private final OpcUaClient client;
    private final Transport transport;
    private final TrustList.Validator validator;
    private final Publishing publishing;
    private volatile boolean closing;

    private Client(OpcUaClient client, Transport transport, TrustList.Validator validator, Publishing publishing) {
        this.client = client;
        this.publishing = publishing;
        this.transport = transport;
        this.validator = validator;
    }

    /**
     * Asks the server what it offers, connects and logs in.
     *
     * @param pki folder of the gateway's OPC UA certificates
     * @throws ConnectionException saying what to do about it where something can be done
     */
    static Client open(OpcUaConfig config, Path pki, ClientThreads threads)
            throws ConnectionException, InterruptedException {
        TrustList.Validator validator = new TrustList(pki).validator();
        try {
            long timeout = config.timeout().toMillis();
            List<EndpointDescription> offered = await(
                    DiscoveryClient.getEndpoints(config.url(), transport -> threads.configure(transport, timeout)),
                    config.timeout());
            EndpointDescription endpoint = reachable(select(config, offered), config);
            OpcTcpClientTransportConfigBuilder settings = OpcTcpClientTransportConfig.newBuilder();
            threads.configure(settings, timeout);
            Transport transport = new Transport(settings.build());
            OpcUaClient milo = new OpcUaClient(settings(config, endpoint, pki, validator), transport);
            Client client = new Client(milo, transport, validator, threads.publishing(milo));
            try {
                await(client.client.connectAsync(), config.timeout());
            } catch (ExecutionException | TimeoutException | InterruptedException e) {
                client.close();
                throw e;
            }
            return client;
        } catch (ExecutionException e) {
            throw new ConnectionException(
                    validator.rejection().orElseGet(() -> sentence(e.getCause() == null ? e : e.getCause(), config)),
                    e);
        } catch (TimeoutException e) {
            throw new ConnectionException(
                    "timeout: no answer within %d ms from %s"
                            .formatted(config.timeout().toMillis(), config.url()),
                    e);
        } catch (IOException e) {
            throw new ConnectionException("certificate: " + e.getMessage(), e);
        }
    }

    /** The same for what is done once: when the connection breaks it fails, instead of waiting for the next one. */
    static Client openOnce(OpcUaConfig config, Path pki, ClientThreads threads)
            throws ConnectionException, InterruptedException {
        Client opened = open(config, pki, threads);
        opened.client.addSessionActivityListener(new SessionActivityListener() {
            @Override
            public void onSessionInactive(UaSession session) {
                if (!opened.closing) {
                    opened.dropConnection();
                }
            }
        });
        if (opened.session().isEmpty()) {
            opened.dropConnection();
        }
        return opened;
    }

    /** Whether the server has shown a certificate, so that somebody may cease to trust it. */
    boolean trustsCertificate() {
        return validator.acceptedAny();
    }

    /** Whether the server is still trusted. */
    boolean trusts() {
        return validator.stillAccepts();
    }

    OpcUaClient milo() {
        return client;
    }

    Publishing publishing() {
        return publishing;
    }

    /** The session, if a request would be sent now, rather than on the next connection. */
    Optional<OpcUaSession> session() {
        CompletableFuture<Channel> channel = transport.getChannelFsm().getChannel();
        CompletableFuture<OpcUaSession> session = client.getSessionAsync();
        return channel.isCompletedExceptionally() || session.isCompletedExceptionally() || !channel.isDone()
                ? Optional.empty()
                : Optional.ofNullable(session.getNow(null));
    }

    /** Without another word: what waits for an answer, or for the next connection, fails. */
    private void dropConnection() {
        transport.getChannelFsm().getChannel().thenAccept(Channel::close);
        transport.disconnect();
    }

    /**
     * Ends session and subscriptions while there is a connection to the server, and the connection in any case. An interrupt does not hurry it: a
     * session that is not ended stays on the server until it times out, and servers have few.
     */
    @Override
    public void close() {
        closing = true;
        publishing.end();
        CompletableFuture<Channel> channel = transport.getChannelFsm().getChannel();
        if (channel.isDone() && !channel.isCompletedExceptionally()) {
            CompletableFuture<Void> gone = new CompletableFuture<>();
            channel.join().closeFuture().addListener(closed -> gone.complete(null));
            CompletableFuture.anyOf(client.disconnectAsync(), gone)
                    .completeOnTimeout(gone, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        dropConnection();
        client.disconnectAsync();
    }

    private static <T> T await(CompletableFuture<T> future, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static EndpointDescription select(OpcUaConfig config, List<EndpointDescription> offered)
            throws ConnectionException {
        return offered.stream()
                .filter(endpoint -> config.security().policy().getUri().equals(endpoint.getSecurityPolicyUri())
                        && endpoint.getSecurityMode() == config.mode())
                .findFirst()
                .orElseThrow(() -> new ConnectionException(
                        "security: %s does not offer %s with %s. It offers %s."
                                .formatted(
                                        config.url(),
                                        config.security().policy().name(),
                                        config.mode(),
                                        offered.stream()
                                                .map(Client::name)
                                                .distinct()
                                                .collect(Collectors.joining(", "))),
                        null));
    }

    /** Where the server was found: what it says of itself is often a name that only it knows. */
    private static EndpointDescription reachable(EndpointDescription endpoint, OpcUaConfig config)
            throws ConnectionException {
        String own = endpoint.getEndpointUrl();
        if (own == null || EndpointUtil.getHost(own) == null) {
            throw new ConnectionException(
                    "protocol: %s offers an endpoint without a valid address, '%s'".formatted(config.url(), own), null);
        }
        return EndpointUtil.updateUrl(endpoint, EndpointUtil.getHost(config.url()), EndpointUtil.getPort(config.url()));
    }

    private static String name(EndpointDescription endpoint) {
        String policy = Arrays.stream(SecurityPolicy.values())
                .filter(known -> known.getUri().equals(endpoint.getSecurityPolicyUri()))
                .map(SecurityPolicy::name)
                .findFirst()
                .orElse(String.valueOf(endpoint.getSecurityPolicyUri()));
        return "%s with %s".formatted(policy, endpoint.getSecurityMode());
    }

    private static OpcUaClientConfig settings(
            OpcUaConfig config, EndpointDescription endpoint, Path pki, TrustList.Validator validator)
            throws IOException {
        Identity identity = Identity.in(pki);
        UInteger timeout = millis(config.timeout());
        return OpcUaClientConfig.builder()
                .setEndpoint(endpoint)
                .setApplicationName(LocalizedText.english("StreamForge gateway"))
                .setApplicationUri(identity.applicationUri())
                .setProductUri("urn:streamforge:gateway")
                .setKeyPair(identity.keys())
                .setCertificate(identity.certificate())
                .setCertificateChain(new X509Certificate[] {identity.certificate()})
                .setCertificateValidator(validator)
                .setIdentityProvider(user(config, identity, validator))
                .setSessionTimeout(millis(config.sessionTimeout()))
                .setRequestTimeout(timeout)
                .setMaxPendingPublishRequests(Unsigned.uint(PUBLISH_REQUESTS_OF_MILO))
                .setKeepAliveInterval(timeout)
                .setKeepAliveTimeout(timeout)
                .build();
    }

    private static IdentityProvider user(OpcUaConfig config, Identity identity, TrustList.Validator validator) {
        return switch (config.login()) {
            case ANONYMOUS -> new AnonymousProvider();
            case USER -> new UsernameProvider(config.user(), config.password(), validator);
            case CERTIFICATE ->
                new X509IdentityProvider(identity.certificate(), identity.keys().getPrivate());
        };
    }

    private static UInteger millis(Duration duration) {
        return Unsigned.uint(duration.toMillis());
    }

    /** What a failure of Milo or the network means to an operator. */
    private static String sentence(Throwable failure, OpcUaConfig config) {
        Optional<UaException> known = UaException.extract(failure);
        if (failure instanceof UnknownHostException) {
            return "connection: host '%s' is not known".formatted(EndpointUtil.getHost(config.url()));
        }
        if (known.isPresent()) {
            return "connection: %s at %s".formatted(Codes.text(known.get().getStatusCode()), config.url());
        }
        return "connection: %s at %s".formatted(failure.getMessage(), config.url());
    }
}
