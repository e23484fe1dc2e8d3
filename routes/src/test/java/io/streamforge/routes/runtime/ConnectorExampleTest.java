package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.routes.plan.PlannedRoute;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connector's form offers as an example reaches the component as it is, with a default for everything that it leaves out. */
class ConnectorExampleTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** There is no device: a route starts all the same, but not with an option or a point that its component does not know. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s7-source",
                "ethernetip-source",
                "ads-source",
                "bacnet-source",
                "knx-source",
                "modbus-tcp-source"
            })
    void startsAsARoute(String connector, @TempDir Path folder) throws Exception {
        ObjectNode example;
        try (InputStream in = getClass().getResourceAsStream("/kamelets/" + connector + ".example.json")) {
            example = (ObjectNode) JSON.readTree(Objects.requireNonNull(in));
        }
        example.withObject("properties").put("host", "127.0.0.1").put("port", 9);
        example.put("connector", connector);
        try (TestEngine engine = new TestEngine(folder)) {
            List<PlannedRoute> routes = TestEngine.plan(
                            7,
                            "[{\"routeId\":\"source.1\",\"template\":\"source\",\"version\":\"1\",\"parameters\":%s}]"
                                    .formatted(example))
                    .routes();
            assertThat(engine.host.problems(routes)).isEmpty();

            engine.host.install(routes.get(0), 7);

            assertThat(engine.host.facts("source.1").present()).isTrue();
        }
    }
}
