package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.AlarmDesk;
import io.streamforge.model.Value;
import io.streamforge.routes.runtime.SettableClock;
import io.streamforge.routes.writing.CallOrder;
import io.streamforge.routes.writing.WriteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private record Given(String id, Answer answer) {}

    private final List<Command> carriedOut = new CopyOnWriteArrayList<>();
    private final List<Given> answers = new CopyOnWriteArrayList<>();
    private final Commands commands = new Commands(
            command -> {
                carriedOut.add(command);
                if (command instanceof Command.RestartRoute restart
                        && restart.routeId().equals("sink.x")) {
                    throw new IllegalStateException("Unknown route 'sink.x'. Known: none.");
                }
                return Answer.ok(null);
            },
            (id, answer) -> answers.add(new Given(id, answer)),
            new SettableClock(Instant.parse("2026-11-20T08:00:00Z")));

    @AfterEach
    void stop() {
        commands.close();
    }

    @Test
    void aCommandThatArrivesTwiceIsCarriedOutOnceAndAnsweredTwice() throws Exception {
        commands.accept(command("1", "restart-route", "2026-11-20T08:00:10Z", "{\"routeId\":\"sink.a\"}"));
        await().until(() -> answers.size() == 1);
        commands.accept(command("1", "restart-route", "2026-11-20T08:00:10Z", "{\"routeId\":\"sink.a\"}"));
        await().until(() -> answers.size() == 2);

        assertThat(carriedOut).containsExactly(new Command.RestartRoute("sink.a"));
        assertThat(answers).containsOnly(new Given("1", Answer.ok(null)));
    }

    @Test
    void aCommandAfterItsTimeIsNotCarriedOut() throws Exception {
        commands.accept(command("1", "plan-changed", "2026-11-20T08:00:00Z", "{}"));
        await().until(() -> !answers.isEmpty());

        assertThat(carriedOut).isEmpty();
        assertThat(answers.get(0).answer().error())
                .isEqualTo("The command expired at 2026-11-20T08:00:00Z, before it could be carried out.");
    }

    @Test
    void aWriteCarriesItsExpiryWithIt() throws Exception {
        commands.accept(command("1", "write-point", "2026-11-20T08:00:10Z", """
                {"writeId":"w-1","adapterId":"press-07","assetId":"press-07","parameter":"setpoint","value":24.1,"by":"ada"}"""));
        commands.accept(command("2", "write-point", "2026-11-20T08:00:10Z", """
                {"writeId":"w-2","adapterId":"press-07","assetId":"press-07","parameter":"setpoint","by":"ada"}"""));
        await().until(() -> answers.size() == 2);

        assertThat(carriedOut)
                .containsExactly(new Command.WritePoint(new WriteOrder(
                        "w-1",
                        "press-07",
                        "press-07",
                        "setpoint",
                        new Value.Real(24.1),
                        "ada",
                        Instant.parse("2026-11-20T08:00:10Z"))));
        assertThat(answers).contains(new Given("2", Answer.failed("Argument 'value' is missing.")));
    }

    @Test
    void aCallCarriesItsArgumentsByName() throws Exception {
        commands.accept(command("1", "call-method", "2026-11-20T08:00:10Z", """
                {"callId":"c-1","adapterId":"press-07","assetId":"press-07","method":"start","arguments":{"recipe":"A","count":3,"steps":[1,2.5]},"by":"ada"}"""));
        await().until(() -> answers.size() == 1);
        assertThat(carriedOut)
                .containsExactly(new Command.CallMethod(new CallOrder(
                        "c-1",
                        "press-07",
                        "press-07",
                        "start",
                        Map.of(
                                "recipe",
                                List.of(new Value.Text("A")),
                                "count",
                                List.of(new Value.Whole(3)),
                                "steps",
                                List.of(new Value.Whole(1), new Value.Real(2.5))),
                        "ada",
                        Instant.parse("2026-11-20T08:00:10Z"))));
    }

    @Test
    void whoAnswersAnAlarmIsNamedToTheDevice() throws Exception {
        String alarm =
                "\"adapterId\":\"tank\",\"action\":\"%s\",\"conditionId\":\"ns=2;i=7\",\"eventId\":\"9f01\",\"by\":\"ada\"";
        commands.accept(command(
                "1",
                "answer-alarm",
                "2026-11-20T08:00:10Z",
                "{" + alarm.formatted("CONFIRM") + ",\"comment\":\"drained\"}"));
        commands.accept(command("2", "answer-alarm", "2026-11-20T08:00:10Z", "{" + alarm.formatted("SHOUT") + "}"));
        await().until(() -> answers.size() == 2);

        assertThat(carriedOut)
                .containsExactly(new Command.AnswerAlarm(
                        "tank", new AlarmDesk.Answer(AlarmDesk.Action.CONFIRM, "ns=2;i=7", "9f01", "ada: drained")));
        assertThat(answers)
                .contains(new Given(
                        "2",
                        Answer.failed(
                                "Argument 'action' must be one of [ACKNOWLEDGE, CONFIRM, COMMENT], got 'SHOUT'.")));
    }

    @Test
    void aFailureIsTheAnswer() throws Exception {
        commands.accept(command("1", "restart-route", "2026-11-20T08:00:10Z", "{\"routeId\":\"sink.x\"}"));
        commands.accept(command("2", "make-coffee", "2026-11-20T08:00:10Z", "{}"));
        commands.accept(command("3", "read-history", "2026-11-20T08:00:10Z", "{\"assetId\":\"a\"}"));
        await().until(() -> answers.size() == 3);

        assertThat(answers)
                .containsExactlyInAnyOrder(
                        new Given("1", Answer.failed("Unknown route 'sink.x'. Known: none.")),
                        new Given(
                                "2",
                                Answer.failed(
                                        "Unknown command 'make-coffee'. Known: watch-tags, read-history, restart-route, replay, cancel-replay, test-connection, browse, dlq-decision, write-point, call-method, list-alarms, answer-alarm, list-certificates, decide-certificate, plan-changed.")),
                        new Given("3", Answer.failed("Argument 'parameter' is missing.")));
    }

    private static JsonNode command(String id, String type, String expiresAt, String arguments) throws Exception {
        return ControlPlane.JSON.readTree("{\"id\":\"%s\",\"type\":\"%s\",\"expiresAt\":\"%s\",\"arguments\":%s}"
                .formatted(id, type, expiresAt, arguments));
    }
}
