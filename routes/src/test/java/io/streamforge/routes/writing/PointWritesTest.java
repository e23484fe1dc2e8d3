package io.streamforge.routes.writing;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.MethodCaller;
import io.streamforge.adapter.WriteTable;
import io.streamforge.model.Classification;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.routes.runtime.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointWritesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final int SETPOINT = 0;
    private static final int RUNNING = 1;

    private final SettableClock clock = new SettableClock(NOW);
    private final Device device = new Device();
    private final Path data;
    private PointWrites writes;

    PointWritesTest(@TempDir Path data) throws IOException {
        this.data = data;
        device.values.put(SETPOINT, new Value.Real(20));
        device.values.put(RUNNING, new Value.Flag(true));
        writes = writes();
    }

    /** A device with a table of values. */
    private final class Device implements MethodCaller {
        private final Map<Integer, Value> values = new HashMap<>();
        private final List<Value> written = new ArrayList<>();
        private final List<List<List<Value>>> called = new ArrayList<>();
        private @Nullable Exception failure;
        private @Nullable Value shows;
        private Duration readTakes = Duration.ZERO;

        @Override
        public List<Sample> read(List<Integer> rows) {
            clock.advance(readTakes);
            return rows.stream().map(this::sample).toList();
        }

        private Sample sample(int row) {
            Value value = row == SETPOINT && shows != null ? shows : values.get(row);
            return new Sample(
                    null,
                    "p" + row,
                    value,
                    "",
                    Classification.TELEMETRY,
                    value == null ? Quality.BAD : Quality.GOOD,
                    value == null ? "timeout" : null,
                    null,
                    clock.instant());
        }

        @Override
        public List<Output> call(int row, List<List<Value>> arguments) throws IOException {
            fail();
            called.add(arguments);
            return List.of(new Output("batch", new Value.Whole(17)));
        }

        private void fail() throws IOException {
            if (failure instanceof IOException e) {
                throw e;
            } else if (failure instanceof RuntimeException e) {
                throw e;
            }
        }

        @Override
        public Value write(int row, Value value) throws IOException {
            fail();
            written.add(value);
            values.put(row, value);
            return value;
        }
    }

    @Test
    void aMethodIsCalledOnceWithItsArgumentsInOrder() throws Exception {
        CallOrder order = call("1", Map.of("count", new Value.Whole(3), "recipe", new Value.Text("A")));
        CallResult result = writes.call(order);
        assertThat(result).isEqualTo(new CallResult(List.of(new CallResult.Output("batch", 17L)), NOW, null));
        assertThat(device.called).containsExactly(List.of(List.of(new Value.Text("A")), List.of(new Value.Whole(3))));
        assertThat(writes.call(order)).isEqualTo(result);
        writes = writes();
        assertThat(writes.call(order).outputs())
                .extracting(output -> output.name() + " " + output.value())
                .containsExactly("batch 17");
        assertThat(device.called).hasSize(1);
    }

    @Test
    void aCallIsGuardedAsAWriteIs() throws Exception {
        Map<String, Value> good = Map.of("count", new Value.Whole(3), "recipe", new Value.Text("A"));
        assertNotCalled(
                call("1", Map.of("count", new Value.Whole(101), "recipe", new Value.Text("A"))),
                "Method 'press-07/start' cannot be called: argument 'count' must be at most 100, got 101. Nothing was called.");
        assertNotCalled(
                call("2", Map.of("recipe", new Value.Text("A"))),
                "Method 'press-07/start' is called with count, recipe, got recipe. Nothing was called.");
        device.values.put(RUNNING, new Value.Flag(false));
        assertNotCalled(
                call("3", good),
                "Method 'press-07/start' may be called only while 'running' is true, it is false. Nothing was called.");
        device.values.put(RUNNING, new Value.Flag(true));
        device.readTakes = Duration.ofSeconds(9);
        assertNotCalled(
                call("4", good),
                "Method 'press-07/start' was to be called before 2026-11-21T08:00:09Z, it is 2026-11-21T08:00:09Z. Nothing was called.");
        device.readTakes = Duration.ZERO;
        assertNotCalled(
                new CallOrder("5", "press-07", "press-07", "running", Map.of(), "ada", NOW.plusSeconds(60)),
                "Method 'press-07/running' may not be called: its row does not say writable. Nothing was called.");
        assertNotCalled(
                new CallOrder("6", "press-07", "press-07", "setpoint", Map.of(), "ada", NOW.plusSeconds(60)),
                "Method 'press-07/setpoint' is no method. Nothing was called.");
        assertRefused(
                new WriteOrder("7", "press-07", "press-07", "start", new Value.Whole(1), "ada", NOW.plusSeconds(60)),
                "Point 'press-07/start' is a method: it is called, not written. Nothing was written.");
        CallOrder first = call("8", good, 60);
        writes.call(first);
        assertThatThrownBy(() -> writes.call(call("9", good, 60)))
                .hasMessage(
                        "Method 'press-07/start' may be called every 5000 ms, the last call was 0 ms ago. Nothing was called.");
    }

    @Test
    void aCallWithoutAnAnswerIsNotRepeated() throws Exception {
        device.failure = new IOException("timeout: no answer within 300 ms");
        CallOrder order = call("1", Map.of("count", new Value.Whole(3), "recipe", new Value.Text("A")));
        assertThat(writes.call(order).error())
                .isEqualTo(
                        "Method 'press-07/start' was not carried out as far as is known: timeout: no answer within 300 ms.");
        device.failure = null;
        assertThat(writes().call(order).error()).isNotNull();
        assertThat(device.called).isEmpty();
    }

    @Test
    void writesAndReadsBack() throws Exception {
        assertThat(writes.write(order("1", new Value.Real(24.1))))
                .isEqualTo(new WriteResult(20.0, 24.1, 24.1, Quality.GOOD, NOW, null));
        assertThat(device.written).containsExactly(new Value.Real(24.1));
    }

    @Test
    void whatItsRowDoesNotAllowIsNotWritten() {
        assertRefused(
                new WriteOrder(
                        "1", "press-07", "press-07", "running", new Value.Flag(false), "ada", NOW.plusSeconds(9)),
                "Point 'press-07/running' is not writable: its row does not say so. Nothing was written.");
        assertRefused(
                new WriteOrder("2", "press-07", "press-07", "speed", new Value.Real(1), "ada", NOW.plusSeconds(9)),
                "Point 'press-07/speed' is not in the table of adapter 'press-07'. Nothing was written.");
        assertRefused(
                new WriteOrder("3", "press-08", "press-07", "setpoint", new Value.Real(24), "ada", NOW.plusSeconds(9)),
                "Adapter 'press-08' does not run on this gateway, or its connector cannot write.");
        assertRefused(
                order("4", new Value.Real(30.1)),
                "Point 'press-07/setpoint' must be at most 30, got 30.1. Nothing was written.");
    }

    @Test
    void anInterlockThatDoesNotHoldOrCannotBeReadForbidsIt() {
        device.values.put(RUNNING, new Value.Flag(false));
        assertRefused(
                order("1", new Value.Real(24)),
                "Point 'press-07/setpoint' may be written only while 'running' is true, it is false. Nothing was written.");
        device.values.remove(RUNNING);
        assertRefused(
                order("2", new Value.Real(24)),
                "Point 'press-07/setpoint' may be written only while 'running' is true, it is unknown (timeout). Nothing was written.");
    }

    @Test
    void writesOfOnePointKeepTheirDistanceAlsoAcrossARestart() throws Exception {
        writes.write(order("1", new Value.Real(24)));
        clock.advance(Duration.ofMillis(4999));
        writes = writes();
        assertRefused(
                order("2", new Value.Real(25)),
                "Point 'press-07/setpoint' may be written every 5000 ms, the last write was 4999 ms ago. Nothing was written.");
        clock.advance(Duration.ofMillis(1));
        writes.write(order("3", new Value.Real(25)));
        assertThat(device.written).hasSize(2);
    }

    @Test
    void anOrderThatExpiresWhileTheDeviceIsAskedIsNotWritten() {
        device.readTakes = Duration.ofSeconds(9);
        assertRefused(
                order("1", new Value.Real(24)),
                "Point 'press-07/setpoint' was to be written before 2026-11-21T08:00:09Z, it is 2026-11-21T08:00:09Z. Nothing was written.");
    }

    @Test
    void anOrderThatComesAgainIsAnsweredAndNotWrittenAgain() throws Exception {
        WriteResult first = writes.write(order("1", new Value.Real(24)));
        assertThat(writes.write(order("1", new Value.Real(24)))).isEqualTo(first);
        assertThat(writes().write(order("1", new Value.Real(24)))).isEqualTo(first);
        assertThat(device.written).hasSize(1);
    }

    @Test
    void anOrderUnderWayWhenTheGatewayStoppedIsNotWrittenAgain() throws Exception {
        device.failure = new IllegalStateException("the process ends here");
        assertThatThrownBy(() -> writes.write(order("1", new Value.Real(24)))).isSameAs(device.failure);
        device.failure = null;
        writes = writes();
        assertRefused(
                order("1", new Value.Real(24)),
                "Point 'press-07/setpoint': the gateway stopped while it carried this order out; whether the device has the value is not known. It is not written again.");
    }

    @Test
    void whatIsReadBackDecides() throws Exception {
        device.shows = new Value.Real(22);
        WriteResult result = writes.write(order("1", new Value.Real(24)));
        assertThat(result.readBack()).isEqualTo(22.0);
        assertThat(result.error())
                .isEqualTo(
                        "Point 'press-07/setpoint' was acknowledged, but is not what was written: wrote 24.0, read back 22.0.");
    }

    @Test
    void aWriteWithoutAcknowledgementSaysWhatTheDeviceHas() throws Exception {
        device.failure = new IOException("timeout: no answer within 300 ms");
        WriteResult result = writes.write(order("1", new Value.Real(24)));
        assertThat(result)
                .isEqualTo(new WriteResult(
                        20.0,
                        24.0,
                        20.0,
                        Quality.GOOD,
                        NOW,
                        "Point 'press-07/setpoint' was not acknowledged: timeout: no answer within 300 ms."));
    }

    @Test
    void aValueThatThePointCannotHoldIsRefusedAndDoesNotCountAsAWrite() throws Exception {
        device.failure = new IllegalArgumentException("cannot hold 24.15, the nearest are 24.1 and 24.2");
        assertRefused(
                order("1", new Value.Real(24.15)),
                "Point 'press-07/setpoint' cannot hold 24.15, the nearest are 24.1 and 24.2. Nothing was written.");
        device.failure = null;
        assertThat(writes.write(order("2", new Value.Real(24.1))).error()).isNull();
    }

    private void assertRefused(WriteOrder order, String message) {
        int before = device.written.size();
        assertThatThrownBy(() -> writes.write(order))
                .isInstanceOf(WriteRefusedException.class)
                .hasMessage(message);
        assertThat(device.written).hasSize(before);
    }

    private void assertNotCalled(CallOrder order, String message) {
        assertThatThrownBy(() -> writes.call(order))
                .isInstanceOf(WriteRefusedException.class)
                .hasMessage(message);
        assertThat(device.called).isEmpty();
    }

    private CallOrder call(String id, Map<String, Value> arguments) {
        return call(id, arguments, 9);
    }

    private CallOrder call(String id, Map<String, Value> arguments, long seconds) {
        Map<String, List<Value>> single =
                arguments.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        return new CallOrder(id, "press-07", "press-07", "start", single, "ada", NOW.plusSeconds(seconds));
    }

    private WriteOrder order(String id, Value value) {
        return new WriteOrder(id, "press-07", "press-07", "setpoint", value, "ada", NOW.plusSeconds(9));
    }

    private PointWrites writes() throws IOException {
        WriteTable table = WriteTable.read(new ObjectMapper().readTree("""
                [{"name":"setpoint","writable":true,"writeMin":5,"writeMax":30,"writeIntervalMs":5000,"writeIf":"running","writeIfValue":"true"},
                 {"name":"running"},
                 {"name":"start","method":true,"arguments":"recipe, count 1..100","writable":true,"writeIntervalMs":5000,"writeIf":"running","writeIfValue":"true"}]"""));
        return new PointWrites(
                data,
                adapter -> adapter.equals("press-07")
                        ? Optional.of(new WriteTarget(device, table, "press-07"))
                        : Optional.empty(),
                clock);
    }
}
