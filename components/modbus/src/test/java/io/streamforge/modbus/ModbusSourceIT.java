package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.PollingConsumer;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.modbus.peers.PymodbusServer.Mode;
import io.streamforge.model.Loss;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Service;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModbusSourceIT {

    private final CamelContext context = new DefaultCamelContext();
    private final List<List<Sample>> taken = new CopyOnWriteArrayList<>();
    private PymodbusServer server = PymodbusServer.start().holding(0, 241);

    @BeforeEach
    void start() throws Exception {
        context.getRegistry()
                .bind(
                        "adapter.press-07.points",
                        new ObjectMapper().readTree("[{\"name\":\"temperature\",\"address\":40001,\"scale\":0.1}]"));
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void eachPollIsOneExchange() throws Exception {
        route("", this::take);
        await().until(() -> taken.size() >= 3);
        assertThat(taken.get(0)).hasSize(1);
        assertThat(taken.get(0).get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(health().fault()).isEmpty();
        assertThat(health().counters().polls()).isGreaterThanOrEqualTo(3);
        assertThat(health().counters().failedPolls()).isZero();
    }

    @Test
    void theRouteStartsWithoutItsDeviceAndReadsItWhenItComes() throws Exception {
        server.close();
        route("", this::take);
        await().until(() -> health().fault().isPresent());
        await().until(() -> taken.size() == 1);
        assertThat(taken.get(0).get(0).quality()).isEqualTo(Quality.BAD);

        server = PymodbusServer.start(server.port()).holding(0, 241);
        await().until(() -> taken.size() >= 3);
        assertThat(taken.get(1).get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(health().fault()).isEmpty();
    }

    @Test
    void waitsForTheStreamAndCountsThePollsItSkips() throws Exception {
        CountDownLatch streamBack = new CountDownLatch(1);
        route("", exchange -> {
            take(exchange);
            streamBack.await();
        });
        await().until(() -> taken.size() == 1);
        await().until(() -> health().losses().of(Loss.POLL_STREAM_SLOW) >= 5);
        assertThat(taken).hasSize(1);
        streamBack.countDown();
        await().until(() -> taken.size() >= 3);
        assertThat(health().counters().skippedPolls()).isGreaterThanOrEqualTo(5);
        assertThat(health().losses().of(Loss.POLL_STREAM_SLOW))
                .as("for the ledger, with the reason")
                .isGreaterThanOrEqualTo(5);
    }

    @Test
    void aRefusedExchangeIsCountedAndAFailuresBeginningToldAgain() throws Exception {
        server.mode(Mode.GARBAGE);
        List<String> refused = new CopyOnWriteArrayList<>();
        route("", exchange -> {
            if (refused.size() < 2) {
                refused.add("once");
                throw new IllegalStateException("not now");
            }
            take(exchange);
        });
        await().until(() -> taken.size() == 1);
        assertThat(taken.get(0).get(0).reason()).startsWith("protocol: ");
        assertThat(health().counters().undelivered()).isEqualTo(2);
        assertThat(health().counters().failedPolls()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void stopsWithinTwoSecondsWhileTheDeviceIsSilent() throws Exception {
        server.mode(Mode.SILENT);
        route("&timeoutMs=60000", this::take);
        await().until(() -> !established().isEmpty());
        stopsSoon();
    }

    @Test
    void stopsWithinTwoSecondsWhileTheStreamTakesNothing() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        route("", exchange -> {
            take(exchange);
            never.await();
        });
        await().until(() -> taken.size() == 1);
        stopsSoon();
    }

    @Test
    void fiftyRestartsLeaveNoThreadAndNoSocket() throws Exception {
        route("", this::take);
        for (int i = 0; i < 50; i++) {
            int before = taken.size();
            await().pollInterval(Duration.ofMillis(5)).until(() -> taken.size() > before);
            context.getRouteController().stopRoute("under-test");
            await().until(() -> polling().isEmpty());
            context.getRouteController().startRoute("under-test");
        }
        context.getRouteController().stopRoute("under-test");
        await().until(() -> polling().isEmpty());
        await().until(() -> established().isEmpty());
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        assertThatThrownBy(() -> route("&pollIntervalMs=10&maxBlock=200&unitId=300", this::take))
                .rootCause()
                .hasMessage(
                        "Modbus device 127.0.0.1:%d: unitId must be at most 255, got 300; pollIntervalMs must be at least 50, got 10; maxBlock must be at most 125, got 200."
                                .formatted(server.port()));
        assertThatThrownBy(() -> route("&addressing=octal", this::take))
                .rootCause()
                .hasMessage("addressing must be one of modicon, zero-based, got 'octal'.");
    }

    /** Were it to wait for the exchange or the device, it would never end; a thread that outlives its patience is seen here. */
    private void stopsSoon() {
        ((Service) health()).stop();
        await().until(() -> polling().isEmpty());
    }

    private void route(String options, Processor processor) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String interval =
                        options.contains("pollIntervalMs") ? "" : "&pollIntervalMs=50&reconnectMaxDelayMs=200";
                from("modbus:127.0.0.1:" + server.port() + "?points=#bean:adapter.press-07.points" + interval + options)
                        .routeId("under-test")
                        .process(processor);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private void take(Exchange exchange) {
        taken.add(exchange.getMessage().getBody(List.class));
    }

    private SourceHealth health() {
        return (SourceHealth) context.getRoute("under-test").getConsumer();
    }

    /** Threads at a poll, or at what comes of it. */
    private static List<Thread> polling() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith(PollingConsumer.class.getName())))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Connections to the server from this process, from the kernel's own table (established or closing on our side). */
    private List<String> established() throws IOException {
        String remote = "%04X".formatted(server.port());
        List<String> found = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                lines.map(line -> line.trim().split("\\s+"))
                        .filter(column ->
                                column[2].endsWith(":" + remote) && (column[3].equals("01") || column[3].equals("08")))
                        .forEach(column -> found.add(column[1]));
            }
        }
        return found;
    }
}
