package io.streamforge.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedDeviceTest {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(Feature.ALLOW_SINGLE_QUOTES).build();

    /** A minute's begin, so that periods and faults of a minute begin with it. */
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private final SettableClock clock = new SettableClock();

    private static final class SettableClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void shapesFollowTheClock() throws Exception {
        SimulatedDevice device = device("""
                [{'name':'sine','min':-1,'max':1},{'name':'ramp','shape':'ramp'},
                 {'name':'square','shape':'square','min':0,'max':5,'periodMs':20000,'unit':'bar','asset':'pump-1'}]""");
        assertThat(reals(device)).containsExactly(0, 0, 5);
        clock.now = START.plusSeconds(15);
        assertThat(reals(device)).containsExactly(1, 25, 0);
        clock.now = START.plusSeconds(45);
        assertThat(reals(device)).containsExactly(-1, 75, 5);
        Sample square = poll(device).get(2);
        assertThat(square.asset()).isEqualTo("pump-1");
        assertThat(square.unit()).isEqualTo("bar");
        assertThat(square.deviceTime()).isEqualTo(clock.now);
        assertThat(square.gatewayTime()).isEqualTo(clock.now);
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aSeedMakesTheSameWalkAndAnotherAnother() throws Exception {
        String table = "[{'name':'a','shape':'walk','min':0,'max':10,'step':2}]";
        List<Double> walk = walk(device(table, 7, ""));
        assertThat(walk(device(table, 7, ""))).isEqualTo(walk);
        assertThat(walk(device(table, 8, ""))).isNotEqualTo(walk);
        assertThat(walk).allSatisfy(value -> assertThat(value).isBetween(0.0, 10.0));
        for (int i = 1; i < walk.size(); i++) {
            assertThat(walk.get(i)).isCloseTo(walk.get(i - 1), within(2.0));
        }
        assertThat(IntStream.range(1, walk.size()).mapToDouble(i -> Math.abs(walk.get(i) - walk.get(i - 1))))
                .as("it makes use of its step")
                .anyMatch(step -> step > 1.5);
    }

    @Test
    void aFileIsReplayedLineByLineAndAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("press.csv"), "t,state,count\n20.5,on,1\n,off,2\n");
        SimulatedDevice device = device("""
                [{'name':'temperature','shape':'replay','column':'t'},{'name':'state','shape':'replay'},
                 {'name':'count','shape':'replay'},{'name':'none','shape':'replay'}]""", 1, file.toString());
        List<Sample> first = poll(device);
        assertThat(first)
                .extracting(Sample::value)
                .containsExactly(new Value.Real(20.5), new Value.Text("on"), new Value.Whole(1), null);
        assertThat(first.get(3).reason())
                .isEqualTo("replay: file '%s' has no column 'none', it has [t, state, count]".formatted(file));
        device.confirm();
        List<Sample> second = poll(device);
        assertThat(second).extracting(Sample::value).containsExactly(null, new Value.Text("off"), new Value.Whole(2));
        assertThat(second.get(0).reason()).isEqualTo("value: the line's 't' is empty");
        assertThat(poll(device).get(0).value()).isEqualTo(new Value.Real(20.5));

        Files.writeString(file, "t,state,count,none\n30,on,9,NaN\n");
        Files.setLastModifiedTime(file, FileTime.from(START));
        assertThat(poll(device).get(0).value()).isEqualTo(new Value.Whole(30));
        assertThat(device.fault()).contains("1 of 4 points are BAD: none value: the line's 'none' is NaN");
    }

    @Test
    void aFileThatIsNotThereYetFailsItsPointsAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("later.csv");
        SimulatedDevice device =
                device("[{'name':'a','shape':'replay'},{'name':'b','shape':'ramp'}]", 1, file.toString());
        assertThat(poll(device)).extracting(Sample::quality).containsExactly(Quality.BAD, Quality.GOOD);
        assertThat(device.fault())
                .contains("1 of 2 points are BAD: a replay: file '%s' does not exist".formatted(file));
        Files.writeString(file, "a\n1\n");
        assertThat(poll(device)).extracting(Sample::quality).containsExactly(Quality.GOOD, Quality.GOOD);
    }

    @Test
    void faultsComeAndGoAsTheyAreToldTo() throws Exception {
        String faulty =
                "{'name':'%1$s','shape':'ramp','fault':'%1$s','faultEveryMs':40000,'faultForMs':9000,'faultSize':1000},";
        SimulatedDevice device = device("["
                + faulty.formatted("stale")
                + faulty.formatted("nan")
                + faulty.formatted("spike")
                + faulty.formatted("flap")
                + "{'name':'sound','shape':'ramp'}]");
        clock.now = START.plusSeconds(30);
        assertThat(reals(device)).containsExactly(50, 50, 50, 50, 50);
        device.confirm();

        clock.now = START.plusSeconds(47);
        List<Sample> bad = poll(device);
        device.confirm();
        assertThat(bad).extracting(Sample::parameter).containsExactly("stale", "nan", "spike", "flap", "sound");
        assertThat(bad).extracting(Sample::reason).containsExactly(null, "value: NaN is not finite", null, null, null);
        assertThat(bad.get(0).value()).isEqualTo(new Value.Real(50));
        assertThat(bad.get(0).deviceTime()).isEqualTo(START.plusSeconds(30));
        assertThat(bad.get(0).gatewayTime()).isEqualTo(START.plusSeconds(47));
        assertThat(real(bad.get(2))).isCloseTo(1078.3, within(0.1));
        assertThat(poll(device))
                .extracting(Sample::parameter, Sample::quality)
                .contains(tuple("flap", Quality.BAD))
                .doesNotContain(tuple("nan", Quality.BAD));
        assertThat(device.fault()).hasValueSatisfying(fault -> assertThat(fault).startsWith("2 of 5 points are BAD"));
        assertThat(device.counters().errors()).containsEntry("value", 2L).containsEntry("flap", 1L);

        clock.now = START.plusSeconds(49);
        assertThat(reals(device)).containsExactly(82, 82, 82, 82, 82);
        assertThat(device.fault()).isEmpty();
    }

    @Test
    void aPointThatDisconnectsTakesTheDeviceWithIt() throws Exception {
        SimulatedDevice device = device("[{'name':'a','fault':'disconnect'},{'name':'b'}]");
        assertThat(poll(device)).extracting(Sample::reason).containsOnly("connection: away, as 'a' wants it");
        device.confirm();
        assertThat(poll(device)).isEmpty();
        assertThat(device.counters().failedPolls()).isEqualTo(2);
        clock.now = START.plusSeconds(6);
        assertThat(poll(device)).extracting(Sample::quality).containsExactly(Quality.GOOD, Quality.GOOD);
    }

    @Test
    void aReplayedNumberHasSpikesAndStaysWhole(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("press.csv"), "count,state\n7,on\n");
        SimulatedDevice device = device("""
                [{'name':'count','shape':'replay','fault':'spike','faultSize':-2.6},
                 {'name':'state','shape':'replay','fault':'spike'}]""", 1, file.toString());
        assertThat(poll(device)).extracting(Sample::value).containsExactly(new Value.Whole(4), new Value.Text("on"));
    }

    @Test
    void aLatencyHoldsBackTheAnswerForAllPoints() {
        SimulatedDevice device = device("[{'name':'a','fault':'latency','faultSize':60000},{'name':'b'}]");
        CompletableFuture<List<Sample>> polled = pollBeside(device);
        await().during(Duration.ofMillis(200)).until(() -> !polled.isDone());
        device.close();
        assertThat(polled.join()).isEmpty();
    }

    @Test
    void aLatencyEndsAsItsSizeSaysAndIsOverWithTheFault() {
        SimulatedDevice device = device("[{'name':'a','fault':'latency','faultSize':1},{'name':'b'}]");
        assertThat(pollBeside(device).join()).extracting(Sample::parameter).containsExactly("a", "b");

        SimulatedDevice slow = device("[{'name':'a','fault':'latency','faultSize':60000},{'name':'b'}]");
        clock.now = START.plusSeconds(6);
        CompletableFuture<List<Sample>> polled = pollBeside(slow);
        await().until(polled::isDone);
        assertThat(polled.join()).extracting(Sample::parameter).containsExactly("a", "b");
    }

    private static CompletableFuture<List<Sample>> pollBeside(SimulatedDevice device) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return poll(device);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void everythingWrongIsNamed() {
        assertThatThrownBy(() -> device("""
                [{'name':'a','min':5,'max':5},{'name':'b','shape':'replay'},{'name':'c','fault':'latency','faultSize':-1},
                 {'name':'d','shape':'saw','fault':'rust','periodMs':0}]"""))
                .hasMessage(
                        "Simulator points: row 1: min must be less than max, got 5.0 and 5.0;"
                                + " row 2: shape replay needs the option replayFile;"
                                + " row 3: faultSize of a latency must be 0 to 60000 ms, got -1.0;"
                                + " row 4: shape must be one of sine, ramp, square, walk, replay, got 'saw';"
                                + " row 4: periodMs must be 1 to 86400000, got 0;"
                                + " row 4: fault must be one of none, stale, nan, spike, flap, latency, disconnect, got 'rust'.");
        assertThatThrownBy(() -> new SimulatorConfig("plant", Duration.ofMillis(5), 1, ""))
                .hasMessage("Simulator 'plant': pollIntervalMs must be at least 10, got 5.");
    }

    @Test
    void theConnectionTesterReadsEveryPointOnce() throws IOException {
        ConnectionTester tester =
                ServiceLoader.load(ConnectionTester.class).findFirst().orElseThrow();
        assertThat(tester.connector()).isEqualTo("simulator-source");
        ConnectionTester.Outcome outcome = tester.test(JSON.readTree("{}"), JSON.readTree("[{'name':'a'}]"));
        assertThat(outcome.samples()).hasSize(1);
        assertThat(outcome.fault()).isEmpty();
    }

    @Test
    void theConnectionTesterTakesSeedAndReplay(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("press.csv"), "a\n7\n");
        ConnectionTester tester =
                ServiceLoader.load(ConnectionTester.class).findFirst().orElseThrow();
        JsonNode points = JSON.readTree("[{'name':'a','shape':'replay'},{'name':'b','shape':'walk'}]");
        List<Value> one = values(tester, "{'seed':1,'replayFile':'%s'}".formatted(file), points);
        List<Value> other = values(tester, "{'seed':2,'replayFile':'%s'}".formatted(file), points);
        assertThat(one.get(0)).isEqualTo(new Value.Whole(7));
        assertThat(other.get(1)).isNotEqualTo(one.get(1));
    }

    private static List<Value> values(ConnectionTester tester, String properties, JsonNode points) throws IOException {
        return tester.test(JSON.readTree(properties), points).samples().stream()
                .map(Sample::value)
                .toList();
    }

    private static List<Double> walk(SimulatedDevice device) throws InterruptedException {
        List<Double> walk = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            walk.add(real(poll(device).get(0)));
        }
        return walk;
    }

    private static double real(Sample sample) {
        return sample.value() instanceof Value.Real real ? real.value() : Double.NaN;
    }

    private static List<Integer> reals(SimulatedDevice device) throws InterruptedException {
        return poll(device).stream()
                .map(sample -> (int) Math.round(real(sample)))
                .toList();
    }

    private static List<Sample> poll(SimulatedDevice device) throws InterruptedException {
        return Observation.samples(device.poll());
    }

    private SimulatedDevice device(String table) {
        return device(table, 1, "");
    }

    private SimulatedDevice device(String table, long seed, String replayFile) {
        try {
            SimulatorConfig config = new SimulatorConfig("plant", Duration.ofSeconds(1), seed, replayFile);
            return new SimulatedDevice(config, SimulatedPoint.table(JSON.readTree(table), config), clock);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
