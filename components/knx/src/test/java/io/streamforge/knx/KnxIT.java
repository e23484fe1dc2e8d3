package io.streamforge.knx;

import static io.streamforge.knx.RunningSource.json;
import static io.streamforge.knx.RunningSource.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.streamforge.adapter.ConnectionTester.Outcome;
import io.streamforge.adapter.testing.FaultyDatagrams;
import io.streamforge.knx.peers.BusDevice;
import io.streamforge.knx.peers.Knxd;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against knxd, with knxtool and a device over knxd's own protocol as what else there is on the line. */
class KnxIT {

    private static final String UNHURRIED = "timeoutMs=5000&reconnectMaxDelayMs=100&maxRequestsPerSecond=0";

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Knxd knxd;

    KnxIT(@TempDir Path folder) {
        this.knxd = new Knxd(folder, 0, 4);
    }

    @BeforeEach
    void keepIt() {
        open.add(() -> knxd.close());
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void readsWhatKnxtoolWrites() throws Exception {
        RunningSource source = run(UNHURRIED, """
                [{"name":"switch","address":"1/2/3","type":"1.001","listenOnly":true,"event":true},
                 {"name":"temperature","address":"1/516","type":"9.001","listenOnly":true},
                 {"name":"label","address":"2565","type":"16.000","listenOnly":true}]""").connected();

        knxd.tool("groupswrite", "1/2/3", "1");
        knxd.tool("groupwrite", "1/2/4", "0c", "b5");
        knxd.tool("groupwrite", "1/2/5", "4b", "4e", "58", "20", "69", "73", "20", "4f", "4b", "0", "0", "0", "0", "0");
        knxd.tool("groupswrite", "1/2/3", "0");

        source.awaitValue("switch", new Value.Flag(false));
        source.awaitValue("temperature", new Value.Real(24.1));
        source.awaitValue("label", new Value.Text("KNX is OK"));
        Sample temperature = source.samples("temperature").get(0);
        assertThat(temperature.unit()).isEqualTo("Cel");
        assertThat(temperature.quality()).isEqualTo(Quality.GOOD);
        assertThat(temperature.deviceTime()).isNull();
        assertThat(source.observations())
                .filteredOn(StateChange.class::isInstance)
                .extracting(seen -> ((StateChange) seen).previousState(), seen -> ((StateChange) seen).newState())
                .containsExactly(tuple(null, new Value.Flag(true)), tuple(new Value.Flag(true), new Value.Flag(false)));
    }

    @Test
    void asksForEveryGroupAfterItsConnectAndMarksThoseThatDoNotAnswer() throws Exception {
        BusDevice device = device().has("1/2/3", "000c1a").has("1/2/5", "0033");
        RunningSource source = run("timeoutMs=500&maxRequestsPerSecond=0", """
                [{"name":"temperature","address":"1/2/3","type":"9.001"},
                 {"name":"silent","address":"1/2/4","type":"9.001"},
                 {"name":"unasked","address":"1/2/5","type":"5.001","listenOnly":true}]""");

        source.awaitValue("temperature", new Value.Real(21));
        patiently().untilAsserted(() -> assertThat(source.consumer().fault())
                .contains("1 of 3 points are BAD: silent (1/2/4) no answer to GroupValueRead within 500 ms, twice"));
        patiently().until(() -> !source.samples("silent").isEmpty());
        assertThat(source.samples("silent")).extracting(Sample::quality).containsExactly(Quality.BAD);
        assertThat(device.heard()).contains("1/2/3 0000").doesNotContain("1/2/5 0000");
        assertThat(device.heard()).filteredOn("1/2/4 0000"::equals).hasSize(2);

        device.tell("1/2/4", "000cb5");
        source.awaitValue("silent", new Value.Real(24.1));
        patiently().until(() -> source.consumer().fault().isEmpty());
    }

    @Test
    void asksAgainAtTheInterval() throws Exception {
        BusDevice device = device().has("1/2/3", "01");
        RunningSource source = run(
                UNHURRIED + "&readIntervalMs=100", "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]");

        patiently().until(() -> source.samples("switch").size() >= 3);
        device.has("1/2/3", "00");
        source.awaitValue("switch", new Value.Flag(false));
        assertThat(source.consumer().traffic().answers().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void asksOnceOnlyIfThereIsNoInterval() throws Exception {
        BusDevice device = device().has("1/2/3", "01");
        RunningSource source = run(UNHURRIED, "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]");
        source.awaitValue("switch", new Value.Flag(true));

        device.tell("1/2/3", "00");
        source.awaitValue("switch", new Value.Flag(false));

        assertThat(device.heard()).containsExactly("1/2/3 0000");
    }

    @Test
    void sendsNoMoreRequestsThanTheCeilingAllows() throws Exception {
        BusDevice device = device().has("1/2/3", "01");
        RunningSource source = run(
                "timeoutMs=5000&maxRequestsPerSecond=3&readIntervalMs=1",
                "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]");
        source.awaitValue("switch", new Value.Flag(true));

        long begun = System.nanoTime();
        int before = device.heard().size();
        patiently().until(() -> device.heard().size() >= before + 6);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(1));
        assertThat(source.consumer().traffic().ceiling()).isEqualTo(3);
        assertThat(source.consumer().traffic().requests()).isGreaterThan(6);
    }

    @Test
    void writesAndReadsBack() throws Exception {
        BusDevice device = device().has("1/2/3", "000c1a").has("1/2/6", "00");
        RunningSource source = run("timeoutMs=1000&maxRequestsPerSecond=0", """
                [{"name":"setpoint","address":"1/2/3","type":"9.001","writable":true},
                 {"name":"lamp","address":"1/2/5","type":"1.001","writable":true,"writeAddress":"1/2/6","listenOnly":true},
                 {"name":"level","address":"1/2/7","type":"5.001","writable":true,"listenOnly":true}]""");
        source.awaitValue("setpoint", new Value.Real(21));

        assertThat(source.consumer().write(0, new Value.Real(24.1))).isEqualTo(new Value.Real(24.1));
        assertThat(source.consumer().write(1, new Value.Flag(true))).isEqualTo(new Value.Flag(true));
        assertThat(source.consumer().write(2, new Value.Whole(50))).isEqualTo(new Value.Real(128 * 100 / 255d));

        patiently().untilAsserted(() -> assertThat(device.heard())
                .contains("1/2/3 00800cb5", "1/2/6 0081", "1/2/7 008080"));
        List<Sample> back = source.consumer().read(List.of(0, 1));
        assertThat(back.get(0).value()).isEqualTo(new Value.Real(24.1));
        assertThat(back.get(1).quality()).isEqualTo(Quality.BAD);
        assertThat(back.get(1).reason()).isEqualTo("no answer to GroupValueRead within 1000 ms, twice");
        // What we have written nobody tells us, and yet it is what the group has.
        source.awaitValue("setpoint", new Value.Real(24.1));
        source.awaitValue("level", new Value.Real(128 * 100 / 255d));
        assertThat(source.last("lamp")).isNull();
        assertThat(source.consumer().fault()).isEmpty();
    }

    @Test
    void refusesToWriteWhatATypeCannotHoldAndWhileThereIsNoTunnel() throws Exception {
        BusDevice device = device();
        RunningSource source = run(UNHURRIED, """
                [{"name":"setpoint","address":"1/2/3","type":"9.001","writable":true,"listenOnly":true}]""").connected();

        assertThatThrownBy(() -> source.consumer().write(0, new Value.Text("warm")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is DPT 9.001 and takes numbers");
        assertThat(device.heard()).isEmpty();

        knxd.close();
        source.consumer().read(List.of(0));
        patiently().until(() -> source.consumer().fault().isPresent());
        assertThatThrownBy(() -> source.consumer().write(0, new Value.Real(20)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("connection: ");
    }

    /** knxd answers to where a datagram comes from if there is no address in it. */
    @Test
    void standsBehindATranslationOfAddresses() throws Exception {
        device().has("1/2/3", "01");
        FaultyDatagrams between = new FaultyDatagrams(knxd.port());
        open.add(between);

        RunningSource source = run(
                between.port(),
                UNHURRIED + "&nat=true",
                "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]");

        source.awaitValue("switch", new Value.Flag(true));
    }

    @Test
    void testSaysWhatItSaw() {
        device().has("1/2/3", "000c1a");

        Outcome outcome = new KnxTester()
                .test(json("{\"host\":\"127.0.0.1\",\"port\":%d,\"timeoutMs\":500}".formatted(knxd.port())), json("""
                                [{"name":"temperature","address":"1/2/3","type":"9.001"},
                                 {"name":"silent","address":"1/2/4","type":"1.001"},
                                 {"name":"button","address":"1/2/5","type":"1.001","listenOnly":true}]"""));

        assertThat(outcome.fault()).contains("1 of 3 points did not say what they are");
        assertThat(outcome.samples())
                .extracting(Sample::parameter, Sample::value, Sample::quality, Sample::reason)
                .containsExactly(
                        tuple("temperature", new Value.Real(21), Quality.GOOD, null),
                        tuple("silent", null, Quality.BAD, "no answer to GroupValueRead within 500 ms, twice"),
                        tuple("button", null, Quality.UNCERTAIN, "is only listened to, and nothing came meanwhile"));
    }

    @Test
    void testSaysThatNobodyIsThere() {
        knxd.close();

        Outcome outcome = new KnxTester()
                .test(
                        json("{\"host\":\"127.0.0.1\",\"port\":%d}".formatted(knxd.port())),
                        json("[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]"));

        assertThat(outcome.fault()).contains("connection: nobody listens at the port");
        assertThat(outcome.samples()).extracting(Sample::quality).containsExactly(Quality.BAD);
    }

    /** Four clients, one of which is the device: the fifth is refused (KNX Standard 03_08_02, E_NO_MORE_CONNECTIONS), and comes in when there is room. */
    @Test
    void waitsForATunnelToBecomeFree() throws Exception {
        String table = "[{\"name\":\"switch\",\"address\":\"1/2/3\",\"type\":\"1.001\"}]";
        device().has("1/2/3", "01");
        List<RunningSource> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(run(UNHURRIED, table).connected());
        }

        RunningSource late = run(UNHURRIED, table);
        patiently().until(() -> late.consumer().fault().isPresent());
        assertThat(late.consumer().fault().orElseThrow())
                .endsWith("the interface refuses the tunnel: 0x24 E_NO_MORE_CONNECTIONS");

        others.get(0).close();
        late.awaitValue("switch", new Value.Flag(true));
    }

    private BusDevice device() {
        BusDevice device = new BusDevice(knxd);
        open.add(device);
        return device;
    }

    private RunningSource run(String options, String points) throws Exception {
        return run(knxd.port(), options, points);
    }

    private RunningSource run(int port, String options, String points) throws Exception {
        RunningSource source = new RunningSource(port, options, points);
        open.add(source);
        return source;
    }
}
