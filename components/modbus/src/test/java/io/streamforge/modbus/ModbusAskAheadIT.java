package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.modbus.peers.PymodbusServer.Mode;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A poll whose question went out before its turn, against a server that somebody else wrote. */
class ModbusAskAheadIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Where nobody answers. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private PymodbusServer server = PymodbusServer.start().holding(0, 1);
    private ModbusDevice device = device(Duration.ZERO, TIMEOUT);

    @AfterEach
    void close() {
        device.close();
        server.close();
    }

    @Test
    void thePollTakesTheAnswerThatWasAskedFor() {
        assertThat(value()).isEqualTo(new Value.Whole(1));
        long requests = device.traffic().requests();
        device.askAhead();
        await().until(device::hasAnswer);
        server.holding(0, 2);
        assertThat(value()).isEqualTo(new Value.Whole(1));
        assertThat(device.traffic().requests()).isEqualTo(requests + 1);
        assertThat(device.hasAnswer()).isFalse();
        assertThat(value()).isEqualTo(new Value.Whole(2));
    }

    @Test
    void itIsAskedOverAnOpenConnectionOnly() {
        device.askAhead();
        assertThat(device.traffic().requests()).isZero();
        assertThat(value()).isEqualTo(new Value.Whole(1));
    }

    @Test
    void aDeviceThatMustBeSparedIsNotAskedAhead() {
        device.close();
        device = device(Duration.ofSeconds(1), TIMEOUT);
        await("a question within the second").until(() -> {
            value();
            long requests = device.traffic().requests();
            device.askAhead();
            return device.traffic().requests() == requests && !device.hasAnswer();
        });
    }

    @Test
    void aWriteWaitsForTheAnswer() {
        value();
        device.askAhead();
        CompletableFuture<Value> written = CompletableFuture.supplyAsync(() -> write(7));
        await().until(device::hasAnswer);
        assertThat(written).isNotDone();
        assertThat(value()).isEqualTo(new Value.Whole(1));
        assertThat(written.join()).isEqualTo(new Value.Whole(7));
        assertThat(value()).isEqualTo(new Value.Whole(7));
    }

    @Test
    void aSilentDeviceIsNotWaitedForTwice() {
        device.close();
        device = device(Duration.ZERO, SHORT);
        await().until(() -> new Value.Whole(1).equals(value()));
        server.mode(Mode.SILENT);
        long requests = device.traffic().requests();
        device.askAhead();
        assertThat(sample().reason()).isEqualTo("timeout: no answer within 300 ms");
        assertThat(device.traffic().requests()).isEqualTo(requests + 1);
        server.mode(Mode.NORMAL);
        await().until(() -> new Value.Whole(1).equals(value()));
    }

    @Test
    void aDeviceThatWentAwayIsFoundAgain() {
        value();
        int port = server.port();
        server.close();
        device.askAhead();
        assertThat(sample().quality()).isEqualTo(Quality.BAD);
        device.askAhead();
        server = PymodbusServer.start(port).holding(0, 3);
        await().until(() -> {
            device.askAhead();
            return new Value.Whole(3).equals(value());
        });
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void whatWasAskedWhenItIsStoppedHoldsNobodyUp() {
        value();
        device.askAhead();
        device.close();
        assertThat(device.poll()).isNotNull();
        assertThat(device.hasAnswer()).isFalse();
        assertThatThrownBy(() -> write(7)).hasRootCauseMessage("stopped");
    }

    private Value write(int value) {
        try {
            return device.write(0, new Value.Whole(value));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of a poll that the stream takes; null also if it has nothing to tell. */
    private @Nullable Value value() {
        return poll().stream().findFirst().map(Sample::value).orElse(null);
    }

    private Sample sample() {
        List<Sample> samples = poll();
        assertThat(samples).hasSize(1);
        return samples.get(0);
    }

    private List<Sample> poll() {
        List<Sample> samples = device.poll().stream().map(Sample.class::cast).toList();
        device.confirm();
        return samples;
    }

    private ModbusDevice device(Duration pause, Duration timeout) {
        ModbusConfig config = new ModbusConfig(
                new Transport.Tcp("127.0.0.1", server.port()),
                1,
                Duration.ofSeconds(1),
                timeout,
                pause,
                0,
                Addressing.ZERO_BASED,
                0,
                125,
                Duration.ofMillis(500));
        return new ModbusDevice(
                config, PointTableTest.parse("[{\"name\":\"a\",\"address\":0}]", config), Clock.systemUTC());
    }
}
