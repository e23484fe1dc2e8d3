package io.streamforge.adapter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamforge.adapter.SourceHealth;
import io.streamforge.adapter.testing.WatchedStream.Taken;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every adapter must stand, whatever it speaks: its device comes late, dies, falls silent, is slow or talks nonsense; the network breaks in all
 * the ways it can; the stream takes its time; the route is started and stopped many times. Each protocol's own test is a subclass that brings a
 * device that somebody else wrote.
 *
 * <p>The device has two points, {@link #STEADY} and {@link #FRAGILE}, both of the adapter's own asset.
 */
public abstract class AdapterContractIT {

    protected static final String STEADY = "steady";
    protected static final String FRAGILE = "fragile";

    private static final String ROUTE = "under-test";

    /** Far longer than anything here takes: what it bounds is a hang. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Longer than a busy machine lets a device, or a source, do nothing. */
    private static final Duration UNHURRIED = Duration.ofSeconds(5);

    /** Threads and sockets that a running source may have at one moment and not at another; what each restart leaves would be many more. */
    private static final int COME_AND_GO = 3;

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);
    private static final Duration NAP = Duration.ofMillis(10);

    private static final int CEILING = 3;
    private static final int FIRST_RESTARTS = 20;
    private static final int RESTARTS = 200;
    private static final int MALFORMED_FRAMES = 10_000;

    /** Some of them wait for what never comes. */
    private static final int CONVERSATIONS_AT_ONCE = 32;

    /** Who sends what cannot be one request may be heard out for a while. */
    private static final int SENDERS_AT_ONCE = 128;

    private static final long MOST_HEAP_GROWTH = 10_000_000;

    /** For beans that the endpoint refers to. */
    protected final CamelContext context = new DefaultCamelContext();

    private final WatchedStream stream = new WatchedStream();
    private final List<AutoCloseable> open = new ArrayList<>();

    /**
     * Starts the device. It has both points, and goes on giving them new values by itself where the protocol is one that sends.
     *
     * @param port on the loopback, that of a device that was killed, or 0 for any
     * @return its port
     */
    protected abstract int startDevice(int port) throws Exception;

    /** Ends it at once, as if it were unplugged; does nothing if there is none. */
    protected abstract void killDevice() throws Exception;

    /** The device can no longer say what {@link #FRAGILE} is, and goes on with the rest. */
    protected abstract void breakFragile() throws Exception;

    /** It can again. */
    protected abstract void mendFragile() throws Exception;

    /**
     * The connector's endpoint for both points. It is to read them, or to be told, ten times a second or more often, to wait for an answer less
     * than a second, by its option {@code timeoutMs}, and to try again no later than after 500 ms.
     */
    protected abstract String endpoint(int port) throws Exception;

    /**
     * The protocol's client, without the adapter around it, has one short conversation with whatever listens there: connects, reads a point once,
     * disconnects. Throws what it likes to, but ends. Several have conversations at a time.
     */
    protected abstract void converse(int port) throws Exception;

    /** Whether an exception is how this client says that it did not like what it was sent. */
    protected boolean isRefusal(Exception e) {
        return e instanceof IOException;
    }

    /** Whether the device is reached over TCP. */
    protected boolean overTcp() {
        return true;
    }

    /** Whether {@link #converse} goes on by the device's answers alone, so that they can be malformed. */
    protected boolean converses() {
        return overTcp();
    }

    /**
     * A network that can be broken.
     *
     * @param port the device's
     * @return null if there is none for this protocol
     */
    protected @Nullable FaultyNetwork network(int port) {
        return overTcp() ? new FaultyLink(port) : null;
    }

    /** Whether the source learns that its device is away. One that is only sent to does not. */
    protected boolean noticesOutages() {
        return true;
    }

    /**
     * What a device sends to a source that listens.
     *
     * @return one whole request, empty if the source asks
     */
    protected byte[] request() {
        return new byte[0];
    }

    /** Whether the source knows its points before it reads them: then an outage of the device makes one BAD sample of each. */
    protected boolean hasPoints() {
        return true;
    }

    /** Whether an outage of the device makes one BAD sample of each point. */
    protected boolean marksOutages() {
        return hasPoints() && noticesOutages();
    }

    /** Whether one read gives both points. */
    protected boolean readsTogether() {
        return true;
    }

    /** How many observations may go in one exchange after the stream was slow. */
    protected int mostInOneExchange() {
        return 2;
    }

    /** Whether the endpoint has the option {@code maxRequestsPerSecond}, as everything has that asks its device. */
    protected boolean asks() {
        return false;
    }

    /** While the stream takes nothing: returns when more has come up than the source may hold. One that polls counts the polls that it skips. */
    protected void overload() throws Exception {
        long before = health().counters().skippedPolls();
        patiently().until(() -> health().counters().skippedPolls() >= before + 3);
    }

    @BeforeEach
    void startContext() {
        context.getShutdownStrategy().setTimeout(60);
        context.start();
    }

    @AfterEach
    void stopAll() throws Exception {
        stream.release();
        context.stop();
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        killDevice();
    }

    @Test
    void startsBeforeItsDeviceExists() throws Exception {
        int port = startDevice(0);
        killDevice();
        run(port);
        awaitFault();
        assertThat(context.getRouteController().getRouteStatus(ROUTE)).isEqualTo(ServiceStatus.Started);

        startDevice(port);
        awaitFresh();
        patiently().until(() -> health().fault().isEmpty());
        patiently().until(() -> health().traffic().goodPoints() > 0);
    }

    @Test
    void comesBackAfterItsDeviceWasKilled() throws Exception {
        int port = startDevice(0);
        run(port);
        outage(this::killDevice, () -> startDevice(port));
    }

    @Test
    void comesBackAfterTheNetworkWasCut() throws Exception {
        FaultyNetwork link = runOverLink();
        outage(link::cut, link::mend);
    }

    @Test
    void comesBackAfterTheDeviceAnsweredNonsense() throws Exception {
        FaultyNetwork link = runOverLink();
        outage(link::garble, link::mend);
    }

    @Test
    void comesBackByItselfFromAHalfOpenConnection() throws Exception {
        FaultyNetwork link = runOverLink();
        awaitFresh();
        link.halfOpen();
        awaitFresh();
        patiently().until(() -> health().fault().isEmpty());
    }

    @Test
    void comesBackAfterAnswersCameTooLate() throws Exception {
        FaultyNetwork link = runOverLink();
        awaitFresh();
        long before = stream.good(STEADY);
        link.delay(Duration.ofSeconds(1));
        patiently().until(() -> health().fault().isPresent() || stream.good(STEADY) > before + 20);
        link.mend();
        awaitFresh();
        patiently().until(() -> health().fault().isEmpty());
    }

    @Test
    void aPointThatCannotBeReadMarksOnlyItself() throws Exception {
        assumeTrue(hasPoints());
        run(unhurried(startDevice(0)));
        awaitFresh();
        stream.forget();
        breakFragile();
        patiently().until(() -> stream.bad(FRAGILE) == 1);
        long before = stream.good(STEADY);
        patiently().until(() -> stream.good(STEADY) >= before + 3);
        assertThat(stream.bad(FRAGILE)).isEqualTo(1);
        assertThat(stream.bad(STEADY)).isZero();
        assertThat(health().fault()).isPresent();

        mendFragile();
        awaitFresh();
        patiently().until(() -> health().fault().isEmpty());
    }

    @Test
    void theGatewaysTimeIsTakenOnceAtTheRead() throws Exception {
        int port = startDevice(0);
        Instant started = Instant.now().truncatedTo(ChronoUnit.MICROS);
        run(unhurried(port));
        awaitFresh();
        stream.hold();
        patiently().until(stream::holds);
        Instant held = Instant.now();
        int waiting = stream.taken().size() - 1;
        overload();
        stream.release();
        awaitFresh();

        Instant before = started;
        for (Taken exchange : stream.taken()) {
            for (Sample sample : exchange.samples()) {
                assertThat(sample.gatewayTime()).isBetween(before, exchange.at());
            }
            if (readsTogether()) {
                assertThat(exchange.samples())
                        .extracting(Sample::gatewayTime)
                        .containsOnly(exchange.samples().get(0).gatewayTime());
            }
            before = exchange.samples().get(0).gatewayTime();
        }
        assertThat(stream.taken().get(waiting).samples())
                .allSatisfy(sample -> assertThat(sample.gatewayTime()).isBeforeOrEqualTo(held));
    }

    @Test
    void aSlowStreamHoldsItBackWithinBounds() throws Exception {
        run(startDevice(0));
        awaitFresh();
        stream.hold();
        patiently().until(stream::holds);
        overload();
        stream.forget();
        stream.release();
        awaitFresh();
        assertThat(stream.mostInside()).isEqualTo(1);
        assertThat(stream.taken()).allSatisfy(exchange -> assertThat(exchange.observations())
                .hasSizeLessThanOrEqualTo(mostInOneExchange()));
    }

    @Test
    void asksItsDeviceNoMoreOftenThanItMay() throws Exception {
        assumeTrue(asks());
        FaultyNetwork link = network();
        run(unhurried(link.port()) + "&maxRequestsPerSecond=" + CEILING);
        awaitFresh();
        long begun = System.nanoTime();
        int before = link.answered();
        patiently().until(() -> link.answered() > before + 2 * CEILING);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(health().traffic().ceiling()).isEqualTo(CEILING);
        assertThat(health().traffic().requests()).isGreaterThan(2 * CEILING);
        assertThat(health().fault()).isEmpty();
        stopsSoon();
    }

    @Test
    void stopsWhileTheDeviceIsSilent() throws Exception {
        FaultyNetwork link = runOverLink();
        awaitFresh();
        link.delay(PATIENCE.multipliedBy(4));
        patiently().until(link::keepsWaiting);
        stopsSoon();
    }

    @Test
    void stopsWhileTheStreamTakesNothing() throws Exception {
        run(startDevice(0));
        awaitFresh();
        stream.hold();
        patiently().until(stream::holds);
        stopsSoon();
    }

    @Test
    void restartsLeaveNothingBehind() throws Exception {
        run(startDevice(0));
        restart(FIRST_RESTARTS);
        Footprint first = Footprint.now();
        restart(RESTARTS - FIRST_RESTARTS);
        patiently().untilAsserted(() -> {
            Footprint last = Footprint.now();
            assertThat(last.threads()).hasSizeLessThanOrEqualTo(first.threads().size() + COME_AND_GO);
            assertThat(last.sockets()).isLessThanOrEqualTo(first.sockets() + COME_AND_GO);
            assertThat(last.heap()).isLessThan(first.heap() + MOST_HEAP_GROWTH);
        });
    }

    @Test
    void malformedFramesNeitherCrashNorHangIt() throws Exception {
        assumeTrue(converses());
        int port = startDevice(0);
        List<List<byte[]>> answers = conversation(port);
        AtomicInteger left = new AtomicInteger(MALFORMED_FRAMES);
        ExecutorService clients = Executors.newFixedThreadPool(CONVERSATIONS_AT_ONCE);
        open.add(clients::shutdownNow);
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS_AT_ONCE; i++) {
            MalformedPeer device = overTcp()
                    ? new MalformedDevice(answers, i, left::decrementAndGet)
                    : new MalformedDatagrams(answers.get(0), i, left::decrementAndGet);
            open.add(device);
            ended.add(CompletableFuture.runAsync(() -> converseWith(device, left), clients));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new));
        await().atMost(PATIENCE.multipliedBy(10)).until(all::isDone);
        all.get();
        conversation(port);
    }

    @Test
    void malformedRequestsNeitherCrashNorHangIt() throws Exception {
        byte[] whole = request();
        assumeTrue(whole.length > 0);
        int port = startDevice(0);
        run(port);
        awaitFresh();
        AtomicInteger left = new AtomicInteger(MALFORMED_FRAMES);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS_AT_ONCE);
        open.add(senders::shutdownNow);
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        for (int i = 0; i < SENDERS_AT_ONCE; i++) {
            Random random = new Random(i);
            ended.add(CompletableFuture.runAsync(
                    () -> {
                        while (left.getAndDecrement() > 0) {
                            send(port, Malformed.of(whole, random));
                        }
                    },
                    senders));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new));
        await().atMost(PATIENCE.multipliedBy(10)).until(all::isDone);
        all.get();
        stream.forget();
        awaitFresh();
        stopsSoon();
    }

    /** Sends all of it, and takes whatever is answered until the other side hangs up, as it must. */
    private static void send(int port, byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError(
                    "Nobody answers, nor hangs up, after " + HexFormat.of().formatHex(request), e);
        } catch (IOException e) {
            // It hung up before it had read everything.
        }
    }

    /** What the device answers in one conversation, which is had again if it was not quick enough for the client. */
    private List<List<byte[]>> conversation(int port) {
        return patiently()
                .ignoreExceptions()
                .until(
                        () -> {
                            try (FaultyNetwork link = Objects.requireNonNull(network(port))) {
                                converse(link.port());
                                return link.answers();
                            }
                        },
                        answers -> !answers.isEmpty());
    }

    private void converseWith(MalformedPeer device, AtomicInteger left) {
        while (left.get() > 0) {
            device.next();
            try {
                converse(device.port());
            } catch (Exception | Error e) {
                if (!(e instanceof Exception refusal) || !isRefusal(refusal)) {
                    left.set(0);
                    fail("After " + HexFormat.of().formatHex(device.last()), e);
                }
            }
        }
    }

    /** A step of a test. */
    private interface Step {
        void take() throws Exception;
    }

    private void outage(Step begin, Step end) throws Exception {
        awaitFresh();
        begin.take();
        awaitFault();
        if (marksOutages()) {
            patiently().until(() -> stream.endsBad(STEADY) && stream.endsBad(FRAGILE));
            patiently().until(() -> health().traffic().badPoints() >= 2);
        }
        end.take();
        awaitFresh();
        patiently().until(() -> health().fault().isEmpty());
        // A machine that is busy may have made attempts to connect fail, which are outages, too.
        assertThat(stream.qualities(STEADY)).doesNotContainSequence(Quality.BAD, Quality.BAD);
        assertThat(stream.qualities(FRAGILE)).doesNotContainSequence(Quality.BAD, Quality.BAD);
    }

    private void awaitFault() {
        if (noticesOutages()) {
            patiently().until(() -> health().fault().isPresent());
        }
    }

    /** Waits until both points have come twice more, the second time surely from after now. */
    private void awaitFresh() {
        long steady = stream.good(STEADY);
        long fragile = stream.good(FRAGILE);
        patiently().until(() -> stream.good(STEADY) >= steady + 2 && stream.good(FRAGILE) >= fragile + 2);
        assertThat(stream.taken()).allSatisfy(exchange -> assertThat(exchange.samples())
                .allSatisfy(sample -> assertThat(sample.value() == null).isEqualTo(sample.quality() == Quality.BAD)));
    }

    private void restart(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            context.getRouteController().startRoute(ROUTE);
            patiently().until(() -> stream.good(STEADY) > 0);
            context.getRouteController().stopRoute(ROUTE);
            stream.forget();
        }
    }

    /**
     * Two seconds, counted in naps of a thread beside it: on a machine that gives this process no time, it has no naps either, so what is counted is
     * what the stop waits for and not how busy the machine is.
     */
    private void stopsSoon() {
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                context.getRouteController().stopRoute(ROUTE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        AtomicInteger naps = new AtomicInteger();
        await().atMost(PATIENCE).pollInSameThread().pollInterval(NAP).until(() -> {
            naps.incrementAndGet();
            return stopped.isDone();
        });
        stopped.join();
        assertThat(NAP.multipliedBy(naps.get())).isLessThanOrEqualTo(LONGEST_STOP);
    }

    private FaultyNetwork runOverLink() throws Exception {
        FaultyNetwork link = network();
        run(link.port());
        return link;
    }

    private FaultyNetwork network() throws Exception {
        FaultyNetwork link = network(startDevice(0));
        assumeTrue(link != null);
        Objects.requireNonNull(link);
        open.add(link);
        return link;
    }

    private void run(int port) throws Exception {
        run(endpoint(port));
    }

    /** The endpoint for a device whose silence is not the subject: an answer that is late is none of its faults. */
    private String unhurried(int port) throws Exception {
        return endpoint(port).replaceFirst("\\btimeoutMs=\\d+", "timeoutMs=" + UNHURRIED.toMillis());
    }

    private void run(String uri) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId(ROUTE).process(stream);
            }
        });
    }

    protected final SourceHealth health() {
        return (SourceHealth) context.getRoute(ROUTE).getConsumer();
    }

    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
    }
}
