package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.AlarmDesk;
import io.streamforge.adapter.AlarmDesk.Action;
import io.streamforge.adapter.AlarmDesk.Answer;
import io.streamforge.adapter.AlarmDesk.DeviceAlarm;
import io.streamforge.model.Condition;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Alarms of node-opcua's own ExclusiveLimitAlarmType, which has to be acknowledged and confirmed. */
class OpcUaAlarmIT extends OpcUaRoute {

    private static final String ALARMS = "{\"alarms\":true}";

    private final List<Observation> taken = new CopyOnWriteArrayList<>();

    private NodeOpcuaServer server = NodeOpcuaServer.start(0, ALARMS);

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void anAlarmsChangesAreEventsAndAnswersReachTheServer() throws Exception {
        route(server.url(), "i=2253");
        await().until(() -> taken.size() == 1);
        server.set("Level", "90");
        await().until(() -> states().equals(List.of("UNACKNOWLEDGED")));
        StateChange raised = last();
        assertThat(raised.eventType()).isEqualTo("2:Level/HighLevel");
        assertThat(raised.asset()).isEqualTo("tank-3");
        assertThat(raised.quality()).isEqualTo(Quality.GOOD);
        assertThat(raised.deviceTime()).isNotNull();
        Condition condition = Objects.requireNonNull(raised.condition());
        assertThat(condition.conditionId()).isEqualTo("nsu=urn:streamforge:peer;s=HighLevel");
        assertThat(condition.branchId()).isNull();
        assertThat(condition.active()).isTrue();
        assertThat(condition.acked()).isFalse();
        assertThat(condition.retain()).isTrue();
        assertThat(condition.severity()).isBetween(1, 1000);
        assertThat(condition.message()).isNotEmpty();

        answer(Action.COMMENT, alarms().get(0), "ann: jim is on his way");
        await().until(() -> states().equals(List.of("UNACKNOWLEDGED", "UNACKNOWLEDGED")));
        assertThat(Objects.requireNonNull(last().condition()).comment()).isEqualTo("ann: jim is on his way");

        DeviceAlarm shown = alarms().get(0);
        assertThat(shown.state()).isEqualTo("UNACKNOWLEDGED");
        answer(Action.ACKNOWLEDGE, shown, "jim: looked at it");
        await().until(() -> states().size() == 3);
        assertThat(last().previousState()).isEqualTo(new Value.Text("UNACKNOWLEDGED"));
        assertThat(last().newState()).isEqualTo(new Value.Text("ACKNOWLEDGED"));
        assertThat(Objects.requireNonNull(last().condition()).comment()).isEqualTo("jim: looked at it");
        assertThatThrownBy(() -> answer(Action.ACKNOWLEDGE, shown, "jim: again"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Bad_");

        server.set("Level", "50");
        await().until(() -> states().get(states().size() - 1).equals("RETURNED_UNCONFIRMED"));
        answer(Action.CONFIRM, alarms().get(0), "jim: drained");
        await().until(() -> states().get(states().size() - 1).equals("NORMAL"));
        assertThat(Objects.requireNonNull(last().condition()).confirmed()).isTrue();
        assertThat(alarms()).isEmpty();
        assertThat(health().fault()).isEmpty();
    }

    @Test
    void anEarlierStateThatNobodyAcknowledgedIsAnsweredBesideThePresentOne() throws Exception {
        route(server.url(), "i=2253");
        await().until(() -> taken.size() == 1);
        server.set("Level", "90");
        await().until(() -> states().equals(List.of("UNACKNOWLEDGED")));
        server.set("Level", "50");
        await().until(() -> branch().isPresent());
        DeviceAlarm earlier = branch().orElseThrow();
        assertThat(earlier.state()).isEqualTo("UNACKNOWLEDGED");
        assertThat(earlier.condition().conditionId()).isEqualTo("nsu=urn:streamforge:peer;s=HighLevel");
        assertThat(alarms()).allSatisfy(alarm -> assertThat(alarm.condition().branchId() == null)
                .isNotEqualTo(alarm.equals(earlier)));

        answer(Action.ACKNOWLEDGE, earlier, "jim: it was the float");
        await().until(() -> branch().map(DeviceAlarm::state).equals(Optional.of("ACKNOWLEDGED")));
        answer(Action.CONFIRM, branch().orElseThrow(), "jim: mended");
        await().until(() -> branch().isEmpty());
        assertThat(Observation.changes(taken).stream()
                        .map(StateChange::condition)
                        .filter(condition -> condition != null && condition.branchId() != null)
                        .map(Condition::comment))
                .containsExactly(null, "jim: it was the float", "jim: mended");
    }

    @Test
    void whatStandsIsToldOnceHoweverOftenTheConnectionBreaks() throws Exception {
        server.set("Level", "90");
        try (CutProxy network = new CutProxy(server.port())) {
            route(NodeOpcuaServer.url(network.port()), "nsu=urn:streamforge:peer;s=Tank");
            await().until(() -> states().equals(List.of("UNACKNOWLEDGED")));
            assertThat(last().previousState()).isNull();

            network.cut();
            await().until(() -> health().fault().isPresent());
            assertThatThrownBy(this::alarms)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("The server at opc.tcp://127.0.0.1:")
                    .hasMessageContaining(" cannot be asked: connection: ");
            server.set("Level", "96");
            network.mend();
            await().untilAsserted(() -> assertThat(health().fault()).isEmpty());
            await().until(() ->
                    Objects.requireNonNull(last().condition()).message().contains("HighHigh") || states().size() > 1);
            assertThat(states()).allMatch("UNACKNOWLEDGED"::equals);
            assertThat(taken.stream().filter(StateChange.class::isInstance).map(change -> ((StateChange) change)
                            .eventId()))
                    .doesNotHaveDuplicates();
            assertThat(alarms()).hasSize(1);
        }
    }

    @Test
    void anAlarmThatARestartedServerDoesNotTellHasEnded() throws Exception {
        server.set("Level", "90");
        route(server.url(), "i=2253");
        await().until(() -> states().equals(List.of("UNACKNOWLEDGED")));
        int port = server.port();
        server.close();
        await().until(() -> health().fault().isPresent());
        server = NodeOpcuaServer.start(port, ALARMS);
        await().until(() -> states().equals(List.of("UNACKNOWLEDGED", "NORMAL")));
        assertThat(last().quality()).isEqualTo(Quality.UNCERTAIN);
        assertThat(alarms()).isEmpty();
    }

    @Test
    void aNodeThatHasNoAlarmsIsToldAndValuesComeNevertheless() throws Exception {
        route(server.url(), "nsu=urn:streamforge:peer;s=Nowhere");
        await().until(() -> taken.size() == 1);
        await().until(() -> health().fault().isPresent());
        assertThat(health().fault())
                .hasValue(
                        "alarms of node nsu=urn:streamforge:peer;s=Nowhere are not told: 0x80340000 Bad_NodeIdUnknown");
        assertThatThrownBy(() -> route(server.url(), "Server"))
                .rootCause()
                .hasMessageContaining(
                        "alarms must be a node id as i=2253 or nsu=urn:plant;s=Press, or empty, got 'Server'.");
    }

    private void route(String url, String alarms) throws Exception {
        context.getRegistry()
                .bind(
                        "adapter.tank.points",
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\":\"level\",\"node\":\"nsu=urn:streamforge:peer;s=Level\",\"asset\":\"tank-3\"}]"));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("opcua:" + url
                                + "?points=#bean:adapter.tank.points&security=none&publishingIntervalMs=100&reconnectMaxDelayMs=500&alarms="
                                + alarms)
                        .routeId("under-test")
                        .process(OpcUaAlarmIT.this::take);
            }
        });
    }

    private void take(Exchange exchange) {
        for (Object observation : exchange.getMessage().getBody(List.class)) {
            taken.add((Observation) observation);
        }
    }

    private List<String> states() {
        return Observation.changes(taken).stream()
                .map(change -> change.newState() instanceof Value.Text text ? text.value() : "")
                .toList();
    }

    private StateChange last() {
        List<StateChange> all = Observation.changes(taken);
        return all.get(all.size() - 1);
    }

    private Optional<DeviceAlarm> branch() throws IOException {
        return alarms().stream()
                .filter(alarm -> alarm.condition().branchId() != null)
                .findFirst();
    }

    private List<DeviceAlarm> alarms() throws IOException {
        return desk().alarms();
    }

    private void answer(Action action, DeviceAlarm to, String comment) throws IOException {
        desk().answer(new Answer(action, to.condition().conditionId(), to.eventId(), comment));
    }

    private AlarmDesk desk() {
        return AlarmDesk.of(context.getRoute("under-test").getConsumer()).orElseThrow();
    }
}
