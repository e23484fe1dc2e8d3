package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** From the registers of a server somebody else wrote to rows in PostgreSQL and records in the stream. */
class ModbusToPostgresIT {

    @Test
    void theBytes00F1WithScaleOneTenthBecomeARow24Point1WithUnitQualityAndBothTimes(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        Instant start = Instant.now();
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start()) {
            device.holding(0, 0x00F1);
            stack.broker();
            Postgres postgres = stack.postgres();
            stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus(
                                    "press-07",
                                    device.port(),
                                    200,
                                    "[{\"name\":\"temperature\",\"area\":\"holding\",\"address\":40001,\"type\":\"int16\",\"scale\":0.1,\"unit\":\"Cel\"}]")
                            .validate(
                                    "[{\"asset\":\"*\",\"parameter\":\"temperature\",\"range\":{\"min\":0,\"max\":100}}]")
                            .aggregate("1s", "telemetry.clean", 1000)
                            .postgresSink("plant", postgres.port(), "[\"telemetry.clean\",\"telemetry.1s\"]")
                            .json()));
            await("a row")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") > 0);
            try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("plant"));
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM telemetry ORDER BY time LIMIT 1")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getDouble("value")).isEqualTo(24.1);
                assertThat(row.getString("asset_id")).isEqualTo("press-07");
                assertThat(row.getString("parameter")).isEqualTo("temperature");
                assertThat(row.getString("unit")).isEqualTo("Cel");
                assertThat(row.getString("quality")).isEqualTo("GOOD");
                assertThat(row.getTimestamp("device_time"))
                        .as("Modbus has no device clock")
                        .isNull();
                assertThat(row.getTimestamp("gateway_time").toInstant()).isBetween(start, Instant.now());
                assertThat(row.getTimestamp("time")).isEqualTo(row.getTimestamp("gateway_time"));
            }
            await("an aggregate of one second")
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            postgres.number("plant", "SELECT count(*) FROM telemetry_aggregate WHERE avg = 24.1") > 0);
        }
    }

    @Test
    void everyTypeInEveryByteAndWordOrderArrivesAsTheVectorsSay(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer device = PymodbusServer.start();
                InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/modbus-vectors.json"))) {
            JsonNode vectors = Plan.JSON.readTree(file).path("vectors");
            ArrayNode points = Plan.JSON.createArrayNode();
            Map<String, JsonNode> expected = new HashMap<>();
            int address = 0;
            for (JsonNode vector : vectors) {
                String name = "vector-" + expected.size();
                int[] registers = IntStream.range(0, vector.path("registers").size())
                        .map(i -> vector.path("registers").get(i).asInt())
                        .toArray();
                device.holding(address, registers);
                ObjectNode point = points.addObject()
                        .put("name", name)
                        .put("area", "holding")
                        .put("address", 400_001 + address)
                        .put("type", vector.path("type").asText().replace("bit", "bool"))
                        .put("byteOrder", vector.path("byteOrder").asText())
                        .put("wordOrder", vector.path("wordOrder").asText());
                if (vector.has("bit")) {
                    point.set("bit", vector.path("bit"));
                }
                expected.put(name, vector);
                address += registers.length;
            }
            assertThat(expected).as("vectors in the file").hasSizeGreaterThan(100);
            stack.broker();
            stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus("device", device.port(), 1000, points.toString())
                            .json()));
            Map<String, Reading> seen = new HashMap<>();
            await("every vector in the stream").atMost(Duration.ofSeconds(60)).until(() -> {
                stack.stream().readings("telemetry.raw").forEach(reading -> seen.put(reading.parameter(), reading));
                return seen.keySet().containsAll(expected.keySet());
            });
            expected.forEach((name, vector) -> {
                Reading reading = Objects.requireNonNull(seen.get(name));
                assertThat(matches(reading, vector.path("value").asText()))
                        .as("%s is %s with %s, %s", vector, reading.value(), reading.quality(), reading.qualityReason())
                        .isTrue();
                assertThat(reading.timeSource()).isEqualTo(TimeSource.GATEWAY);
            });
        }
    }

    /** The vectors give the decoded value as decimal text; NaN and infinities are no values and must be BAD. */
    private static boolean matches(Reading reading, String value) {
        if (List.of("NaN", "Infinity", "-Infinity").contains(value)) {
            return reading.value() == null && reading.quality() == Quality.BAD;
        }
        if (reading.value() instanceof Value.Whole whole) {
            return new BigDecimal(value).compareTo(BigDecimal.valueOf(whole.value())) == 0;
        }
        if (reading.value() instanceof Value.Real real) {
            return Double.compare(real.value(), Double.parseDouble(value)) == 0;
        }
        return reading.value() instanceof Value.Flag flag && flag.value() == Boolean.parseBoolean(value);
    }
}
