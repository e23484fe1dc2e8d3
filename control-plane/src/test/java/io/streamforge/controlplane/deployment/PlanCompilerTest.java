package io.streamforge.controlplane.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.controlplane.adapter.AdapterDefinition;
import io.streamforge.controlplane.catalogue.Catalogue;
import io.streamforge.controlplane.catalogue.Connector;
import io.streamforge.controlplane.catalogue.ConnectorKind;
import io.streamforge.controlplane.catalogue.Template;
import io.streamforge.controlplane.deployment.PlanCompiler.Outcome;
import io.streamforge.controlplane.rules.RuleSetDefinition;
import io.streamforge.controlplane.sink.SinkDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PlanCompilerTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Catalogue CATALOGUE = new Catalogue(
            List.of(
                    new Connector(
                            "modbus-tcp-source",
                            "1",
                            ConnectorKind.SOURCE,
                            "Modbus",
                            "",
                            object("{'type':'object','required':['host'],'properties':{'host':{'type':'string'}}}"),
                            object("{'type':'object','required':['name','address']}"),
                            null,
                            true,
                            false,
                            "none"),
                    new Connector(
                            "db-sink",
                            "2",
                            ConnectorKind.SINK,
                            "Database",
                            "",
                            object("{'type':'object'}"),
                            null,
                            null,
                            false,
                            false,
                            "none")),
            Stream.of("adapter", "validate", "events", "aggregate", "sink", "ledger")
                    .map(id -> new Template(id, "1", id, "", object("{'type':'object'}"), object("{}")))
                    .toList());

    private final PlanCompiler compiler = new PlanCompiler(CATALOGUE);

    private static ObjectNode object(String json) {
        return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    }

    private static AdapterDefinition adapter(String id, boolean enabled, String... points) {
        return new AdapterDefinition(
                id,
                "Press 7",
                "modbus-tcp-source@1",
                "press-07",
                object("{'host':'10.0.0.7'}"),
                Stream.of(points).map(PlanCompilerTest::object).toList(),
                enabled);
    }

    private static final String TEMPERATURE = "{'name':'temperature','address':40001,'scale':0.1,'unit':'Cel'}";

    private static Snapshot snapshot(AdapterDefinition... adapters) {
        return new Snapshot(
                new DeploymentDefinition("plant", "Plant", "gw-1", List.of(), List.of(), "rules", null),
                List.of(adapters),
                List.of(new SinkDefinition(
                        "db", "DB", "db-sink@2", List.of("telemetry.clean"), object("{'password':{'$secret':'p'}}"))),
                JSON.readValue("""
                        {"id":"rules","name":"R","aggregates":[{"resolutionMs":60000},{"resolutionMs":1000,"worstCounted":"SUSPECT"}],
                         "validation":[{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}}]}""", RuleSetDefinition.class));
    }

    private RoutePlan compiled(Snapshot snapshot, int revision) {
        Outcome outcome = compiler.compile(snapshot, revision);
        assertThat(outcome).isInstanceOf(Outcome.Compiled.class);
        return ((Outcome.Compiled) outcome).plan();
    }

    private List<String> refusals(Snapshot snapshot) {
        Outcome outcome = compiler.compile(snapshot, 1);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused) outcome)
                .problems().stream().map(p -> p.pointer() + ": " + p.message()).toList();
    }

    @Test
    void compilesAdapterValidateAggregatesSinkAndLedgerInThatOrder() {
        RoutePlan plan = compiled(snapshot(adapter("press-07", true, TEMPERATURE)), 7);
        assertThat(CanonicalJson.text(JSON.valueToTree(plan.routes()))).isEqualTo("""
                        [{"parameters":{"adapterId":"press-07","adapterName":"Press 7","asset":"press-07",\
                        "connector":"modbus-tcp-source","connectorVersion":"1","deviceClock":"none",\
                        "points":[{"address":40001,"name":"temperature","scale":0.1,"unit":"Cel"}],\
                        "properties":{"host":"10.0.0.7"}},"routeId":"adapter.press-07","template":"adapter","version":"1"},\
                        {"parameters":{"rules":[{"asset":"press-*","parameter":"temperature","range":{"max":120,"min":0}}]},\
                        "routeId":"validate.telemetry","template":"validate","version":"1"},\
                        {"parameters":{},"routeId":"events.plant","template":"events","version":"1"},\
                        {"parameters":{"allowedLatenessMs":2000,"heldMs":30000,"resolutionMs":1000,"source":"telemetry.clean",\
                        "target":"telemetry.1s","worstCounted":"SUSPECT"},"routeId":"aggregate.1s","template":"aggregate","version":"1"},\
                        {"parameters":{"allowedLatenessMs":5000,"heldMs":30000,"resolutionMs":60000,"source":"telemetry.1s",\
                        "target":"telemetry.1min"},"routeId":"aggregate.1min","template":"aggregate","version":"1"},\
                        {"parameters":{"connector":"db-sink","connectorVersion":"2","properties":{"password":{"$secret":"p"}},\
                        "sinkId":"db","topics":["telemetry.clean"]},"routeId":"sink.db","template":"sink","version":"1"},\
                        {"parameters":{},"routeId":"ledger.gateway","template":"ledger","version":"1"}]""");
        assertThat(plan.revision()).isEqualTo(7);
        assertThat(plan.gateway()).isEqualTo("gw-1");
        // computed outside Java: printf '%s' '<the text above>' | sha256sum
        assertThat(plan.hash()).isEqualTo("sha256:f0aed91263ad7ea3306f432cf919dc2c150d09709af6638a9b6068a2509b4306");
    }

    @Test
    void hashIsThatOfTheContentWhateverItsOrderAndRevision() {
        AdapterDefinition a = adapter("a", true, TEMPERATURE);
        AdapterDefinition b = adapter("b", true, "{'address':1,'name':'x'}");
        AdapterDefinition sameAsB = adapter("b", true, "{'name':'x','address':1.0}");
        assertThat(compiled(snapshot(a, b), 1).hash())
                .isEqualTo(compiled(snapshot(sameAsB, a), 2).hash())
                .isNotEqualTo(compiled(snapshot(a), 1).hash());
    }

    @Test
    void disabledAdapterIsNoRoute() {
        assertThat(compiled(snapshot(adapter("off", false, TEMPERATURE)), 1).routes())
                .extracting(PlanRoute::routeId)
                .doesNotContain("adapter.off")
                .contains("validate.telemetry");
    }

    @Test
    void aRuleReachesTheTemplateWithTheChecksThatItStates() {
        String rule = """
                {"allowed":[1,"a",true],"asset":"a","duplicates":{"remember":4},"expression":{"test":"value < 80","verdict":"BAD"},\
                "flatline":{"afterMs":60000,"tolerance":0.5},"gap":{"maxGapMs":5000},"parameter":"p","range":{"min":0},\
                "rate":{"maxPerSecond":5,"withinMs":1000},"required":false,"type":"number","unit":"Cel","warning":{"max":1}}""";
        Snapshot plain = snapshot(adapter("press-07", true, TEMPERATURE));
        Snapshot snapshot = new Snapshot(
                plain.deployment(),
                plain.adapters(),
                plain.sinks(),
                JSON.readValue(
                        "{\"id\":\"rules\",\"name\":\"R\",\"aggregates\":[],\"validation\":[%s]}".formatted(rule),
                        RuleSetDefinition.class));

        assertThat(CanonicalJson.text(
                        compiled(snapshot, 1).routes().get(1).parameters().get("rules")))
                .isEqualTo("[" + rule + "]");
    }

    @Test
    void deploymentWithoutRulesValidatesAndAggregatesNothing() {
        Snapshot full = snapshot(adapter("a", true, TEMPERATURE));
        RoutePlan plan = compiled(new Snapshot(full.deployment(), full.adapters(), full.sinks(), null), 1);
        assertThat(plan.routes())
                .extracting(PlanRoute::routeId)
                .containsExactly("adapter.a", "validate.telemetry", "events.plant", "sink.db", "ledger.gateway");
        assertThat(plan.routes().get(1).parameters().toString()).isEqualTo("{\"rules\":[]}");
    }

    @Test
    void atLeastOnceReachesTheStagesThatOfferItAndNothingElse() {
        ObjectNode offers = object("{'type':'object','properties':{'exactlyOnce':{'type':'boolean'}}}");
        List<Template> templates = Stream.of("adapter", "validate", "aggregate", "events", "sink", "ledger")
                .map(id -> new Template(
                        id,
                        "1",
                        id,
                        "",
                        List.of("validate", "aggregate").contains(id) ? offers : object("{'type':'object'}"),
                        object("{}")))
                .toList();
        Snapshot full = snapshot(adapter("a", true, TEMPERATURE));
        DeploymentDefinition deployment = full.deployment();
        Snapshot atLeastOnce = new Snapshot(
                new DeploymentDefinition(
                        deployment.id(),
                        deployment.name(),
                        deployment.gatewayId(),
                        deployment.adapters(),
                        deployment.sinks(),
                        deployment.ruleSet(),
                        Delivery.AT_LEAST_ONCE),
                full.adapters(),
                full.sinks(),
                full.ruleSet());
        Outcome outcome = new PlanCompiler(new Catalogue(CATALOGUE.connectors(), templates)).compile(atLeastOnce, 1);
        List<PlanRoute> routes = ((Outcome.Compiled) outcome).plan().routes();
        assertThat(routes)
                .filteredOn(route -> route.parameters().has("exactlyOnce"))
                .extracting(PlanRoute::routeId)
                .containsExactly("validate.telemetry", "aggregate.1s", "aggregate.1min");
        assertThat(routes.get(1).parameters().path("exactlyOnce").asBoolean(true))
                .isFalse();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        AdapterDefinition broken =
                new AdapterDefinition("b", "B", "modbus-tcp-source@1", "press-07", object("{}"), List.of(), true);
        AdapterDefinition unknown =
                new AdapterDefinition("c", "C", "modbus@9", "press-07", object("{}"), List.of(), true);
        assertThat(refusals(
                        snapshot(adapter("a", true, TEMPERATURE), adapter("d", true, TEMPERATURE), broken, unknown)))
                .containsExactly(
                        "/adapters/1/points/0/name: Tag 'press-07/temperature' is read by adapter 'a' and by adapter 'd':"
                                + " name one of them otherwise.",
                        "/adapters/2/parameters/host: host is missing.",
                        "/adapters/2/points: points must have at least one entry.",
                        "/adapters/3/connector: Unknown source connector 'modbus@9'. Known: modbus-tcp-source@1.");
    }

    @Test
    void missingTemplateIsNamed() {
        PlanCompiler bare = new PlanCompiler(new Catalogue(CATALOGUE.connectors(), List.of()));
        Outcome outcome = bare.compile(snapshot(), 1);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        assertThat(((Outcome.Refused) outcome).problems().get(0).message())
                .isEqualTo("Route 'validate.telemetry' needs the route template 'validate', which is not installed.");
    }
}
