package io.streamforge.http;

import io.streamforge.adapter.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.HttpProcessors;
import org.apache.hc.core5.http.impl.bootstrap.AsyncServerBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOReactorStatus;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of one address. It is opened whether or not the address is free, and looked after each second: who cannot listen says so in the
 * health and tries again.
 */
final class HttpListener {

    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    /** More connections are closed at once. */
    static final int MAX_CONNECTIONS = 256;

    private static final Http1Config HTTP1 =
            Http1Config.custom().setMaxHeaderCount(100).setMaxLineLength(8192).build();

    /** Longer than any request may wait for its answer. */
    private static final Timeout IDLE = Timeout.ofSeconds(90);

    private static final Timeout HANDSHAKE = Timeout.ofSeconds(10);

    private static final long BIND_SECONDS = 5;
    /** A sender needs this time to see its answer: a connection that is closed on data takes the answer with it. */
    private static final Duration LINGER = Duration.ofMillis(500);

    private static final TimeValue LAST_ANSWERS = TimeValue.ofMilliseconds(300);

    private final String host;
    private final int port;
    private final @Nullable TlsFiles files;
    private final ScheduledThreadPoolExecutor timers;
    private final Connections connections = new Connections();
    private final Map<String, HttpPushConsumer> consumers = new ConcurrentHashMap<>();
    private @Nullable ServerTls tls;
    private @Nullable HttpAsyncServer server;
    private @Nullable ListenerEndpoint endpoint;
    private boolean opened;
    private boolean closed;
    private volatile @Nullable String fault;

    /** @param files null without TLS */
    HttpListener(String host, int port, @Nullable TlsFiles files, CamelContext context) {
        this.host = host;
        this.port = port;
        this.files = files;
        String name = "http-push %s:%d timers".formatted(host, port);
        // not one of Camel's: they refuse more than a thousand tasks
        this.timers = new ScheduledThreadPoolExecutor(
                1, work -> context.getExecutorServiceManager().newThread(name, work));
        timers.setRemoveOnCancelPolicy(true);
    }

    void add(String path, @Nullable TlsFiles tls, HttpPushConsumer consumer) {
        if (!Objects.equals(tls, files)) {
            throw new IllegalArgumentException(
                    "HTTP source %s:%d%s: another adapter listens there with other certificates, or without; give all the same ones."
                            .formatted(host, port, path));
        }
        if (consumers.putIfAbsent(path, consumer) != null) {
            throw new IllegalArgumentException(
                    "HTTP source %s:%d%s: the path is taken by another adapter, choose another."
                            .formatted(host, port, path));
        }
    }

    void remove(String path, HttpPushConsumer consumer) {
        consumers.remove(path, consumer);
    }

    boolean isUnused() {
        return consumers.isEmpty();
    }

    @Nullable
    HttpPushConsumer at(String path) {
        return consumers.get(path);
    }

    /** Listens now if it can, and is looked after from now on. */
    synchronized void open() {
        if (!opened) {
            opened = true;
            listen();
            timers.scheduleWithFixedDelay(this::lookAfter, 1, 1, TimeUnit.SECONDS);
        }
    }

    /** Why nobody can connect, or nobody else, as a sentence; empty if they can. */
    Optional<String> fault() {
        String current = fault;
        if (current == null && connections.areTooMany()) {
            current = "%s:%d has %d connections open, the most it takes; further ones are closed"
                    .formatted(host, port, MAX_CONNECTIONS);
        }
        return Optional.ofNullable(current);
    }

    /** The port listened on; the configured one while there is none. */
    synchronized int port() {
        ListenerEndpoint current = endpoint;
        return current != null && current.getAddress() instanceof InetSocketAddress address ? address.getPort() : port;
    }

    ScheduledFuture<?> after(long millis, Runnable task) {
        return timers.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Ends a connection whose sender was answered and may still have something to send, which is dropped. */
    void closeSoon(SocketAddress sender) {
        connections.of(sender).forEach(session -> after(LINGER.toMillis(), () -> end(session)));
    }

    private static void end(IOSession session) {
        try {
            // an orderly end: the session's own immediate one resets the connection
            session.channel().close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("HTTP connection did not close");
        }
        session.close(CloseMode.IMMEDIATE);
    }

    /** Gives answers that are on their way a moment, then ends. */
    synchronized void close() {
        closed = true;
        HttpAsyncServer last = server;
        if (last != null) {
            last.initiateShutdown();
            try {
                last.awaitShutdown(LAST_ANSWERS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            last.close(CloseMode.IMMEDIATE);
        }
        timers.shutdownNow();
    }

    private synchronized void lookAfter() {
        HttpAsyncServer current = server;
        ListenerEndpoint listening = endpoint;
        boolean well = current != null
                && current.getStatus() == IOReactorStatus.ACTIVE
                && listening != null
                && !listening.isClosed();
        if (!well && !closed) {
            listen();
        } else if (!closed && tls != null) {
            try {
                tls.refresh();
                fault = null;
            } catch (IOException e) {
                fault = "%s:%d goes on with its former certificates: %s".formatted(host, port, e.getMessage());
            }
        }
    }

    private void listen() {
        HttpAsyncServer last = server;
        if (last != null) {
            last.close(CloseMode.IMMEDIATE);
        }
        String faultBefore = fault;
        try {
            tls = files == null ? null : new ServerTls(files);
            HttpAsyncServer next = create();
            server = next;
            next.start();
            endpoint = next.listen(new InetSocketAddress(host, port), files == null ? URIScheme.HTTP : URIScheme.HTTPS)
                    .get(BIND_SECONDS, TimeUnit.SECONDS);
            fault = null;
            if (faultBefore != null) {
                LOG.atInfo().addKeyValue("address", host + ":" + port).log("HTTP source listens");
            }
        } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
            endpoint = null;
            Throwable cause = e.getCause() == null || e instanceof IOException ? e : e.getCause();
            fault = "%s:%d cannot be listened on: %s".formatted(host, port, cause.getMessage());
            if (faultBefore == null) {
                LOG.atWarn()
                        .addKeyValue("address", host + ":" + port)
                        .addKeyValue("reason", cause.getMessage())
                        .log("HTTP source cannot listen");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpAsyncServer create() {
        return AsyncServerBootstrap.bootstrap()
                .setTlsStrategy(tls)
                .setTlsHandshakeTimeout(HANDSHAKE)
                .setIOReactorConfig(IOReactorConfig.custom()
                        .setIoThreadCount(1)
                        .setSoReuseAddress(true)
                        .setTcpNoDelay(true)
                        .setSoTimeout(IDLE)
                        .build())
                .setHttp1Config(HTTP1)
                .setHttpProcessor(HttpProcessors.server("StreamForge"))
                .setRequestRouter((request, ignored) -> () -> new PushExchange(this))
                .setIOSessionListener(connections)
                .setExceptionCallback(e -> LOG.atDebug()
                        .addKeyValue("address", host + ":" + port)
                        .setCause(e)
                        .log("HTTP connection failed"))
                .create();
    }

    /**
     * Knows the open connections, and turns away those that are too many. By their ids: with TLS a connection begins as another object than the one
     * that it ends as, and an address may be in use anew before the end of its last connection is told.
     */
    private static final class Connections implements IOSessionListener {

        private final Map<String, IOSession> open = new ConcurrentHashMap<>();

        Stream<IOSession> of(SocketAddress sender) {
            return open.values().stream().filter(session -> sender.equals(session.getRemoteAddress()));
        }

        boolean areTooMany() {
            return open.size() >= MAX_CONNECTIONS;
        }

        private void admit(IOSession session) {
            if (!areTooMany()) {
                open.put(session.getId(), session);
            } else if (!open.containsKey(session.getId())) {
                session.close(CloseMode.IMMEDIATE);
            }
        }

        @Override
        public void connected(IOSession session) {
            admit(session);
        }

        @Override
        public void disconnected(IOSession session) {
            open.remove(session.getId());
        }

        /** With TLS this is where a connection begins; it is told to be connected when it has shaken hands. */
        @Override
        public void startTls(IOSession session) {
            admit(session);
        }

        @Override
        public void inputReady(IOSession session) {}

        @Override
        public void outputReady(IOSession session) {}

        @Override
        public void timeout(IOSession session) {}

        @Override
        public void exception(IOSession session, Exception e) {}
    }
}
