package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.testing.FreePort;
import io.streamforge.modbus.peers.PymodbusServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** From a coil of a server somebody else wrote, and from a post, to rows of events in PostgreSQL. */
class EventIT {

    @Test
    void aCoilThatTogglesIsOneEventWithThePreviousAndTheNewStateAndAPostThatIsRepeatedIsOne(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.coils(0, 0);
            stack.broker();
            Postgres postgres = stack.postgres();
            int port = FreePort.next();
            stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus(
                                    "press-07",
                                    device.port(),
                                    100,
                                    "[{\"name\":\"running\",\"area\":\"coil\",\"address\":1,\"type\":\"bool\",\"event\":true}]")
                            .http("door", port, 5000)
                            .validate("[]")
                            .events()
                            .postgresSink("plant", postgres.port(), "[\"telemetry.clean\",\"events.clean\"]")
                            .json()));
            await("the first state")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM events") == 1);
            device.coils(0, 1);
            await("the change")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM events") == 2);
            for (int i = 0; i < 2; i++) {
                assertThat(
                                post(
                                        port,
                                        "{\"event_type\":\"state\",\"previous_state\":\"closed\",\"new_state\":\"open\",\"timestamp\":1763712000000000}"))
                        .isEqualTo(202);
            }
            assertThat(
                            post(
                                    port,
                                    "{\"event_type\":\"state\",\"new_state\":\"closed\",\"event_id\":\"last\",\"timestamp\":1763712001000000}"))
                    .isEqualTo(202);
            await("the last post")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM events WHERE event_id = 'last'") == 1);
            assertThat(
                            rows(
                                    postgres,
                                    "SELECT asset_id, event_type, previous_state, new_state, quality, device_time IS NULL FROM events ORDER BY asset_id DESC, time"))
                    .containsExactly(
                            "press-07|running|null|false|GOOD|t",
                            "press-07|running|false|true|GOOD|t",
                            "door|state|\"closed\"|\"open\"|GOOD|f",
                            "door|state|null|\"closed\"|GOOD|f");
            await("the coil, read as before, too")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM telemetry WHERE parameter = 'running' AND value_bool")
                            > 0);
        }
    }

    private static int post(int port, String event) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/readings".formatted(port)))
                                .header("X-Api-Key", Stack.PUSH_KEY)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(event))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static List<String> rows(Postgres postgres, String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("plant"));
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(found.getString(i)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }
}
