package io.streamforge.routes.runtime;

import static io.streamforge.routes.runtime.TestEngine.plan;
import static io.streamforge.routes.runtime.TestEngine.probes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.routes.plan.RoutePlan;
import io.streamforge.routes.plan.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {

    private final Path folder;
    private final TestEngine engine;

    ReconcilerTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.engine = new TestEngine(folder);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void replacesOnlyWhatDiffers() {
        assertThat(engine.reconciler.apply(probes(1, "a", "1", "b", "1", "c", "1")))
                .isEqualTo(new Outcome.Applied());
        Consumer untouched = consumer("a");
        engine.probes.events.clear();

        assertThat(engine.reconciler.apply(probes(2, "a", "1", "b", "2", "d", "1")))
                .isEqualTo(new Outcome.Applied());

        assertThat(engine.probes.events).containsExactly("stop c", "stop b", "start b", "start d");
        assertThat(consumer("a")).isSameAs(untouched);
        assertThat(engine.probes.endpoint("b").getText()).isEqualTo("2");
        assertThat(engine.context.getRouteDefinitions()).hasSize(3);
        assertThat(engine.board.routes())
                .extracting(RouteStatus::routeId, RouteStatus::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("probe.a", RouteState.RUNNING),
                        org.assertj.core.groups.Tuple.tuple("probe.b", RouteState.RUNNING),
                        org.assertj.core.groups.Tuple.tuple("probe.d", RouteState.RUNNING));
    }

    @Test
    void theSamePlanUnderAnotherRevisionTouchesNothing() {
        engine.reconciler.apply(probes(1, "a", "1"));
        engine.probes.events.clear();

        assertThat(engine.reconciler.apply(probes(2, "a", "1"))).isEqualTo(new Outcome.Unchanged());

        assertThat(engine.probes.events).isEmpty();
        assertThat(running().revision()).isEqualTo(2);
    }

    @Test
    void goesBackToTheLastGoodPlanWhenARouteDoesNotStart() throws Exception {
        engine.reconciler.apply(probes(1, "a", "1", "b", "1"));
        Consumer untouched = consumer("a");
        engine.probes.broken.put("d", "d has no address.");

        Outcome outcome = engine.reconciler.apply(probes(2, "a", "1", "b", "2", "d", "1"));

        assertThat(outcome).isEqualTo(new Outcome.Rejected("Route 'probe.d' cannot start: d has no address."));
        assertThat(consumer("a")).isSameAs(untouched);
        assertThat(engine.probes.endpoint("b").getText()).isEqualTo("1");
        assertThat(engine.context.getRouteDefinitions()).hasSize(2);
        assertThat(engine.board.routes())
                .allMatch(route -> route.state() != RouteState.FAILED)
                .hasSize(2);
        assertThat(running().revision()).isEqualTo(1);
        assertThat(engine.reconciler.desiredRevision()).isEqualTo(2);
        assertThat(engine.notices.all().get("plan"))
                .isEqualTo(
                        "Revision 2 was rejected, revision 1 runs on: Route 'probe.d' cannot start: d has no address.");
        assertThat(engine.store.lastGood().orElseThrow().revision()).isEqualTo(1);
    }

    @Test
    void aRejectedPlanIsNotTriedAgainUntilItChanges() {
        engine.probes.broken.put("d", "d has no address.");
        RoutePlan bad = probes(2, "d", "1");
        engine.reconciler.apply(bad);
        engine.probes.events.clear();

        assertThat(engine.reconciler.apply(bad)).isInstanceOf(Outcome.Rejected.class);
        assertThat(engine.probes.events).isEmpty();

        engine.probes.broken.clear();
        assertThat(engine.reconciler.apply(probes(3, "d", "2"))).isEqualTo(new Outcome.Applied());
        assertThat(engine.reconciler.rejected()).isNull();
        assertThat(engine.notices.all()).isEmpty();
    }

    @Test
    void aPlanThatEndedTheGatewayThreeTimesIsRejected() throws Exception {
        RoutePlan killer = probes(2, "a", "1");
        engine.store.saveTrial(new Trial(killer.hash(), 2, 3, null));

        assertThat(engine.reconciler.apply(killer))
                .isEqualTo(new Outcome.Rejected("The gateway ended 3 times while it tried this plan."));
        assertThat(engine.probes.events).isEmpty();
    }

    @Test
    void aPlanThatIsTriedWhenTheGatewayStopsIsNeitherGoodNorRejected() throws Exception {
        engine.reconciler.stopping();

        assertThat(engine.reconciler.apply(probes(2, "a", "1"))).isEqualTo(new Outcome.Interrupted());
        assertThat(engine.store.trial()).isEmpty();
        assertThat(engine.store.lastGood()).isEmpty();
    }

    @Test
    void namesEveryProblemOfAPlanBeforeItTouchesAnything() {
        engine.reconciler.apply(probes(1, "a", "1"));
        engine.probes.events.clear();

        Outcome outcome = engine.reconciler.apply(plan(2, """
                [{"routeId":"x.1","template":"prob","version":"1","parameters":{}},
                 {"routeId":"probe.2","template":"probe","version":"1","parameters":{"nmae":"x"}},
                 {"routeId":"probe.3","template":"probe","version":"1","parameters":{"name":"x","text":7}},
                 {"routeId":"source.4","template":"source","version":"1","parameters":{"connector":"modbus-tpc-source"}},
                 {"routeId":"source.5","template":"source","version":"1","parameters":{"connector":"probe-source","connectorVersion":"3",
                   "properties":{"pollIntervalMs":10,"hots":"h"}}},
                 {"routeId":"source.6","template":"source","version":"1","parameters":{"connector":"probe-source","connectorVersion":"4"}},
                 {"routeId":"source.7","template":"source","version":"1","parameters":{"connector":"probe-source","connectorVersion":"3",
                   "properties":{"host":"h","password":{"$secret":"nobody.knows"}}}}]"""));

        assertThat(((Outcome.Rejected) outcome).reason())
                .contains("Route 'x.1': Unknown template 'prob@1'. Known: ")
                .contains("adapter@1")
                .contains("probe@1, ")
                .contains("source@1")
                .contains("Route 'probe.2': unknown parameter 'nmae'. Known: name, text, topics.")
                .contains("Route 'probe.2': parameter 'name' is missing.")
                .contains("Route 'probe.2': parameter 'text' is missing.")
                .contains("Route 'probe.3': parameter 'text' integer found, string expected, got 7.")
                .contains("Route 'source.4': Unknown connector 'modbus-tpc-source'. Known: ")
                .contains(
                        "Route 'source.5', connector 'probe-source': unknown parameter 'hots'. Known: host, password, pollIntervalMs.")
                .contains("Route 'source.5', connector 'probe-source': parameter 'host' is missing.")
                .contains(
                        "Route 'source.5', connector 'probe-source': parameter 'pollIntervalMs' must have a minimum value of 50, got 10.")
                .contains("Route 'source.6': Connector 'probe-source' has version 3 here, the plan asks for 4.")
                .contains(
                        "Route 'source.7': parameter 'password': Secret 'nobody.knows' is not known to this gateway. Set STREAMFORGE_SECRET_NOBODY_KNOWS in the environment");
        assertThat(engine.probes.events).isEmpty();
    }

    @Test
    void runsOnWhenThePlanCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve("data/plan.json.new/blocked"));

        assertThat(engine.reconciler.apply(probes(1, "a", "1"))).isEqualTo(new Outcome.Applied());
        assertThat(engine.notices.all().get("planCache"))
                .startsWith("The plan cannot be written to the data folder (")
                .endsWith("the gateway runs on, but a restart would begin with an older plan. Make room on the disk.");

        Files.delete(folder.resolve("data/plan.json.new/blocked"));
        engine.reconciler.apply(probes(2, "a", "1"));
        assertThat(engine.notices.all()).isEmpty();
        assertThat(engine.store.lastGood().orElseThrow().revision()).isEqualTo(2);
    }

    @Test
    void startsTheLastGoodPlanAndSupervisesWhatFails() throws Exception {
        engine.store.saveLastGood(probes(4, "a", "1", "b", "1"));
        engine.probes.broken.put("b", "b has no address.");

        engine.reconciler.resume();
        engine.reconciler.supervise();

        assertThat(status("probe.a").state()).isEqualTo(RouteState.RUNNING);
        assertThat(status("probe.b").state()).isEqualTo(RouteState.STARTING);
        assertThat(status("probe.b").detail()).isEqualTo("Route 'probe.b' cannot start: b has no address.");

        engine.probes.broken.clear();
        engine.clock.advance(Duration.ofSeconds(1));
        engine.reconciler.supervise();
        engine.reconciler.supervise();

        assertThat(status("probe.b").state()).isEqualTo(RouteState.RUNNING);
        assertThat(status("probe.b").restarts()).isEqualTo(1);
    }

    @Test
    void aPlanThatWasProvedIsNotProvedAgainWhenTheGatewayStarts() throws Exception {
        RoutePlan plan = probes(4, "a", "1", "b", "1");
        engine.store.saveLastGood(plan);
        engine.store.saveTrial(new Trial(plan.hash(), 4, 3, "The gateway ended 3 times while it tried this plan."));
        engine.probes.broken.put("b", "b has no address.");

        assertThat(engine.reconciler.apply(plan)).isEqualTo(new Outcome.Applied());

        assertThat(running().revision()).isEqualTo(4);
        assertThat(engine.store.trial()).isEmpty();
        engine.reconciler.supervise();
        assertThat(status("probe.a").state()).isEqualTo(RouteState.RUNNING);
        assertThat(status("probe.b").detail()).isEqualTo("Route 'probe.b' cannot start: b has no address.");
    }

    @Test
    void anOutageRejectsNoPlanAndUsesUpNoRestarts() {
        engine.probes.unanswered.put("b", "The stream did not make its topics within 10 s: TimeoutException");

        assertThat(engine.reconciler.apply(probes(1, "a", "1", "b", "1"))).isEqualTo(new Outcome.Applied());
        for (int i = 0; i < 2 * RestartBudget.RESTARTS; i++) {
            engine.clock.advance(Duration.ofSeconds(5));
            engine.reconciler.supervise();
        }

        assertThat(status("probe.a").state()).isEqualTo(RouteState.RUNNING);
        assertThat(status("probe.b").state()).isEqualTo(RouteState.STARTING);
        assertThat(status("probe.b").detail())
                .isEqualTo(
                        "Route 'probe.b' cannot start: The stream did not make its topics within 10 s: TimeoutException");

        engine.probes.unanswered.clear();
        engine.clock.advance(Duration.ofSeconds(5));
        engine.reconciler.supervise();
        engine.reconciler.supervise();

        assertThat(status("probe.b").state()).isEqualTo(RouteState.RUNNING);
    }

    @Test
    void aRouteThatFailsTooOftenStaysStoppedUntilAPersonRestartsIt() throws Exception {
        engine.reconciler.apply(probes(1, "a", "1", "b", "1"));
        engine.probes.broken.put("b", "b has no address.");
        engine.context.getRouteController().stopRoute("probe.b");
        for (int i = 0; i < 8; i++) {
            engine.reconciler.supervise();
            engine.clock.advance(Duration.ofSeconds(20));
        }

        assertThat(status("probe.b").state()).isEqualTo(RouteState.FAILED);
        assertThat(status("probe.b").detail()).contains("b has no address.", "restarted 5 times in 5 minutes");
        assertThat(status("probe.a").state()).isEqualTo(RouteState.RUNNING);

        engine.probes.broken.clear();
        engine.reconciler.restart("probe.b");
        engine.reconciler.supervise();

        assertThat(status("probe.b").state()).isEqualTo(RouteState.RUNNING);
        assertThatThrownBy(() -> engine.reconciler.restart("probe.x"))
                .hasMessage("Unknown route 'probe.x'. Known: probe.a, probe.b.");
    }

    @Test
    void aDeviceThatIsAwayDegradesItsRouteAndKeepsThePlan() {
        engine.probes.faults.put("a", "The device does not answer.");

        assertThat(engine.reconciler.apply(probes(1, "a", "1"))).isEqualTo(new Outcome.Applied());
        assertThat(status("probe.a").state()).isEqualTo(RouteState.DEGRADED);
        assertThat(status("probe.a").detail()).isEqualTo("The device does not answer.");
        assertThat(engine.board.source("probe.a").counters().polls()).isEqualTo(10);
        assertThat(engine.board.source("probe.a").counters().failedPolls()).isEqualTo(3);
        assertThat(status("probe.a").source()).extracting(SourceStatus::polls).isEqualTo(10L);

        engine.probes.faults.clear();
        engine.reconciler.supervise();
        assertThat(status("probe.a").state()).isEqualTo(RouteState.RUNNING);
        assertThat(status("probe.a").detail()).isNull();
    }

    private Consumer consumer(String name) {
        return engine.context.getRoute("probe." + name).getConsumer();
    }

    private RouteStatus status(String routeId) {
        return engine.board.routes().stream()
                .filter(route -> route.routeId().equals(routeId))
                .findFirst()
                .orElseThrow();
    }

    private RoutePlan running() {
        return java.util.Objects.requireNonNull(engine.reconciler.running());
    }
}
