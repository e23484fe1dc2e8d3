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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing points, against a server that somebody else wrote. */
class ModbusWriteIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Where nobody answers. */
    private static final Duration SHORT = Duration.ofMillis(300);

    private final PymodbusServer server =
            PymodbusServer.start().holding(0, IntStream.range(0, 100).toArray()).coils(0, 0, 0, 0, 1);
    private ModbusDevice device = device("[{\"name\":\"a\",\"address\":0}]");

    @AfterEach
    void close() {
        device.close();
        server.close();
    }

    @Test
    void writesEveryKindOfPointAndReadsItBack() throws IOException {
        device = device("""
                [{"name":"coil","area":"coil","address":2},{"name":"register","address":0,"scale":0.1},{"name":"wide","address":1,"type":"float32"},
                 {"name":"bit","address":10,"type":"bool","bit":3},{"name":"swapped","address":11,"type":"bool","bit":3,"byteOrder":"little"},
                 {"name":"flag","address":12,"type":"bool"},{"name":"bcd","address":13,"type":"bcd32","wordOrder":"little"},
                 {"name":"text","address":20,"type":"string","length":10}]""");
        List<Value> values = List.of(
                new Value.Flag(true),
                new Value.Real(24.1),
                new Value.Real(24.1),
                new Value.Flag(true),
                new Value.Flag(true),
                new Value.Flag(false),
                new Value.Whole(12345678),
                new Value.Text("PUMP 7"));
        for (int row = 0; row < values.size(); row++) {
            Value held = device.write(row, values.get(row));
            assertThat(device.read(List.of(row)).get(0).value()).isEqualTo(held);
            assertThat(held).isEqualTo(row == 2 ? new Value.Real(24.1f) : values.get(row));
        }
        assertThat(registers(0, 3)).containsExactly(241, 0x41C0, 0xCCCD);
        assertThat(registers(10, 5)).containsExactly(10 | 8, 11 | 8 << 8, 0, 0x5678, 0x1234);
        assertThat(registers(20, 5)).containsExactly(0x5055, 0x4D50, 0x2037, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeviceThatKnowsOnlyTheFunctionsForSeveralIsWrittenWithThem(boolean on) throws IOException {
        server.refuse(5, 6);
        device = device("[{\"name\":\"coil\",\"area\":\"coil\",\"address\":%d},{\"name\":\"register\",\"address\":7}]"
                .formatted(on ? 0 : 3));
        assertThat(device.write(0, new Value.Flag(on))).isEqualTo(new Value.Flag(on));
        assertThat(device.write(1, new Value.Whole(on ? 5 : -5))).isEqualTo(new Value.Whole(on ? 5 : -5));
        assertThat(device.read(List.of(0, 1)))
                .extracting(Sample::value)
                .containsExactly(new Value.Flag(on), new Value.Whole(on ? 5 : -5));
    }

    @Test
    void aRefusalIsAnErrorWithCodeAndName() {
        device = device(
                "[{\"name\":\"a\",\"address\":5000},{\"name\":\"bit\",\"address\":0,\"type\":\"bool\",\"bit\":0},{\"name\":\"in\",\"area\":\"input\",\"address\":1}]");
        assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("0x02 ILLEGAL_DATA_ADDRESS");
        server.refuse(22);
        assertThatThrownBy(() -> device.write(1, new Value.Flag(true)))
                .isInstanceOf(IOException.class)
                .hasMessage("0x01 ILLEGAL_FUNCTION");
        assertThatThrownBy(() -> device.write(2, new Value.Whole(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is in area input, which cannot be written");
        assertThat(device.read(List.of(0)).get(0).reason()).isEqualTo("0x02 ILLEGAL_DATA_ADDRESS");
    }

    @Test
    void aDeviceThatDoesNotAcknowledgeIsAnError() {
        server.mode(Mode.SILENT);
        device = device("[{\"name\":\"a\",\"address\":0}]", SHORT);
        assertThatThrownBy(() -> device.write(0, new Value.Whole(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("timeout: no answer within 300 ms");
    }

    @Test
    void aDeviceThatIsAwayIsAnError() {
        server.close();
        assertThatThrownBy(() -> device.write(0, new Value.Whole(1))).isInstanceOf(IOException.class);
        Sample sample = device.read(List.of(0)).get(0);
        assertThat(sample.quality()).isEqualTo(Quality.BAD);
        assertThat(sample.reason()).startsWith("connection: Connection refused");
    }

    @Test
    void aDeviceThatClosesAfterEachAnswerIsWrittenOnAConnectionOfItsOwn() throws IOException {
        server.mode(Mode.CLOSE);
        for (int value = 1; value < 4; value++) {
            Value written = new Value.Whole(value);
            await().until(() -> device.read(List.of(0)).get(0).value() != null);
            device.read(List.of(0));
            device.write(0, written);
            assertThat(device.read(List.of(0)).get(0).value()).isEqualTo(written);
        }
    }

    @Test
    void aWriteComesBetweenTheRequestsOfAPoll() throws Exception {
        device = device(IntStream.range(0, 10)
                .mapToObj(i -> "{\"name\":\"r%1$d\",\"address\":%2$d}".formatted(i, i * 10))
                .toList()
                .toString());
        server.mode(Mode.HELD);
        CompletableFuture<Void> polling = CompletableFuture.runAsync(device::poll);
        await().until(() -> server.held() == 1);
        FutureTask<Value> written = new FutureTask<>(() -> device.write(9, new Value.Whole(4711)));
        Thread writer = new Thread(written);
        writer.start();
        await().until(() -> writer.getState() == Thread.State.WAITING);
        server.release();
        await().until(() -> server.held() == 1);
        server.release();
        assertThat(written.get(10, TimeUnit.SECONDS)).isEqualTo(new Value.Whole(4711));
        assertThat(polling).isNotDone();
        server.mode(Mode.NORMAL);
        polling.get();
        assertThat(device.read(List.of(9)).get(0).value()).isEqualTo(new Value.Whole(4711));
    }

    private List<Integer> registers(int start, int count) {
        ModbusDevice other = device(IntStream.range(start, start + count)
                .mapToObj("{\"name\":\"r%1$d\",\"address\":%1$d,\"type\":\"uint16\"}"::formatted)
                .toList()
                .toString());
        try (other) {
            return other.read(IntStream.range(0, count).boxed().toList()).stream()
                    .map(sample -> Objects.requireNonNull((Value.Whole) sample.value()))
                    .map(value -> (int) value.value())
                    .toList();
        }
    }

    private ModbusDevice device(String table) {
        return device(table, TIMEOUT);
    }

    private ModbusDevice device(String table, Duration timeout) {
        ModbusConfig config = new ModbusConfig(
                new Transport.Tcp("127.0.0.1", server.port()),
                1,
                Duration.ofSeconds(1),
                timeout,
                Duration.ZERO,
                0,
                Addressing.ZERO_BASED,
                0,
                125,
                Duration.ofMillis(500));
        return new ModbusDevice(config, PointTableTest.parse(table, config), Clock.systemUTC());
    }
}
