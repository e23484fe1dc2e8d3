package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.model.Reading;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of each part under load: what the stream acknowledged is once in {@code telemetry.clean} and was written once to the sink. */
class KillIT {

    @Test
    void everyAcknowledgedRecordIsOnceInTheCleanTopicAndWrittenOnceToTheSinkAfterEachKill(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory)) {
            Part broker = stack.broker();
            Postgres postgres = stack.postgres();
            Path plan = stack.write(
                    "plan.json",
                    new Plan(1)
                            .validate(
                                    "[{\"asset\":\"*\",\"parameter\":\"*\",\"range\":{\"min\":0,\"max\":1000000000}}]")
                            .aggregate("1s", "telemetry.clean", 1000)
                            .postgresSink("plant", postgres.port(), "[\"telemetry.clean\",\"telemetry.1s\"]")
                            .json());
            Part gateway = stack.gatewayWithPlan(plan);
            Stack.awaitReady(stack.gatewayUrl());
            Writer writer = stack.with(new Writer(stack.bootstrap(), stack.registry(), directory))
                    .first();
            await("the sink's table")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") == 1);
            postgres.execute("plant", "CREATE TABLE write_log AS SELECT asset_id, sequence FROM telemetry");
            postgres.execute("plant", """
                    CREATE FUNCTION log_write() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN INSERT INTO write_log VALUES (NEW.asset_id, NEW.sequence); RETURN NEW; END $$""");
            postgres.execute(
                    "plant",
                    "CREATE TRIGGER log_write BEFORE INSERT OR UPDATE ON telemetry FOR EACH ROW EXECUTE FUNCTION log_write()");
            writer.start();

            for (int round = 0; round < 2; round++) {
                moves(postgres, "before the kills");
                gateway.kill();
                grows(writer, "while the gateway is dead");
                gateway.start();
                moves(postgres, "after the gateway's kill");
                broker.kill();
                broker.start();
                moves(postgres, "after the broker's kill");
                postgres.kill();
                grows(writer, "while the database is dead");
                postgres.start();
                moves(postgres, "after the database's kill");
            }

            Set<String> acknowledged = writer.finish();
            await("the sink to hold all that was acknowledged")
                    .atMost(Duration.ofSeconds(120))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") >= acknowledged.size());
            Map<String, Integer> clean = new HashMap<>();
            Map<String, Long> last = new HashMap<>();
            for (Reading reading : stack.stream().readings("telemetry.clean")) {
                clean.merge(reading.assetId() + "/" + reading.sequence(), 1, Integer::sum);
                Long before = last.put(reading.assetId(), reading.sequence());
                assertThat(reading.sequence()).isGreaterThan(before == null ? -1 : before);
            }
            assertOnce("telemetry.clean", clean, acknowledged);
            assertOnce("the sink's write log", writeLog(postgres), acknowledged);
        }
    }

    private static void assertOnce(String where, Map<String, Integer> counts, Set<String> acknowledged) {
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(counts.keySet());
        assertThat(lost).as("lost before %s", where).isEmpty();
        assertThat(counts.entrySet().stream().filter(entry -> entry.getValue() > 1))
                .as("doubled in %s", where)
                .isEmpty();
    }

    private static Map<String, Integer> writeLog(Postgres postgres) throws Exception {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("plant"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT asset_id || '/' || sequence, count(*) FROM write_log GROUP BY 1")) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getInt(2));
            }
        }
        return counts;
    }

    /** Waits until new rows have come in. */
    private static void moves(Postgres postgres, String when) {
        long start = Math.max(0, postgres.number("plant", "SELECT count(*) FROM telemetry"));
        await("rows arriving " + when)
                .atMost(Duration.ofSeconds(120))
                .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") > start + 500);
    }

    private static void grows(Writer writer, String when) {
        int start = writer.count();
        await("the load going on " + when).atMost(Duration.ofSeconds(60)).until(() -> writer.count() > start + 1000);
    }
}
