package io.streamforge.routes.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanParserTest {

    private static final String ROUTES = """
            [{"routeId":"validate.telemetry","template":"validate","version":"1","parameters":{"rules":[{"range":{"max":1.50}}]}}]""";

    @Test
    void readsBackWhatItWrote() throws Exception {
        RoutePlan plan = PlanParser.handWritten(
                ("{\"revision\":3,\"gateway\":\"gw\",\"routes\":" + ROUTES + "}").getBytes(UTF_8));

        RoutePlan again = PlanParser.compiled(PlanParser.write(plan));

        assertThat(again).isEqualTo(plan);
        assertThat(again.hash()).startsWith("sha256:").hasSize(71);
        assertThat(again.routes()).singleElement().satisfies(route -> {
            assertThat(route.templateId()).isEqualTo("validate@1");
            assertThat(route.parameters().at("/rules/0/range/max").decimalValue())
                    .isEqualByComparingTo("1.5");
        });
    }

    @Test
    void refusesAHashThatDoesNotFitTheRoutes() {
        assertThat(problems("{\"gateway\":\"gw\",\"revision\":1,\"hash\":\"sha256:00\",\"routes\":" + ROUTES + "}"))
                .singleElement()
                .asString()
                .startsWith("/hash does not fit the plan's routes: it says sha256:00, the routes give sha256:");
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThat(problems("""
                        {"minRuntime":"2.0","bundles":[{"name":"x"}],"routes":[
                          {"routeId":"a b","template":"","version":1,"parameters":[]},
                          {"routeId":"x","template":"t","version":"1","parameters":{}},
                          {"routeId":"x","template":"t","version":"1","parameters":{}}]}"""))
                .containsExactlyInAnyOrder(
                        "/hash must be a text, got nothing.",
                        "/gateway must be a text, got nothing.",
                        "/revision must be a whole number, got nothing.",
                        "/minRuntime is 2.0 but this gateway's runtime is 1.0: update the gateway first.",
                        "/bundles must be empty: this gateway does not load bundles.",
                        "/routes/0/template must be a text, got ''.",
                        "/routes/0/version must be a text, got 1.",
                        "/routes/0/routeId must be <template>.<instance> of letters, digits, '-' and '_', got 'a b'.",
                        "/routes/0/parameters must be an object, got a list.",
                        "/routes/2/routeId 'x' is used by an earlier route: route ids are unique.");
    }

    @Test
    void saysWhereTheJsonIsBroken() {
        assertThat(problems("{\"routes\":\n[}"))
                .singleElement()
                .asString()
                .contains("not valid JSON")
                .contains("line 2");
    }

    @Test
    void refusesSomethingElseThanAPlan() {
        assertThat(problems("[]")).containsExactly("/routes must be a list of routes, got nothing.");
    }

    private static List<String> problems(String json) {
        return catchThrowableOfType(PlanException.class, () -> PlanParser.compiled(json.getBytes(UTF_8)))
                .problems();
    }
}
