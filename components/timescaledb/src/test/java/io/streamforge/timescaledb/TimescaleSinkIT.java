package io.streamforge.timescaledb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.testing.Certificates;
import io.streamforge.model.Aggregate;
import io.streamforge.model.AggregateCodec;
import io.streamforge.model.Batch;
import io.streamforge.model.Classification;
import io.streamforge.model.Condition;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Event;
import io.streamforge.model.EventCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.UnavailableException;
import io.streamforge.model.UndecodableException;
import io.streamforge.model.Value;
import io.streamforge.model.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real PostgreSQL. */
class TimescaleSinkIT {

    private static final Instant AT = Instant.parse("2026-11-20T12:00:00.123456Z");
    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 7, 3);

    private static @Nullable Server sharedServer;
    private static int schemas;

    private final TestRegistry registry = new TestRegistry();
    private final ReadingCodec readings = new ReadingCodec(registry.idFor("telemetry.clean", Schemas.READING));
    private final AggregateCodec aggregates = new AggregateCodec(registry.idFor("telemetry.1s", Schemas.AGGREGATE));
    private final CamelContext context = new DefaultCamelContext();
    private final String schema = "plant_" + schemas++;
    private final Server server = Objects.requireNonNull(sharedServer);
    private final List<Producer> producers = new ArrayList<>();

    @BeforeAll
    static void startServer(@TempDir Path directory) throws IOException {
        sharedServer = new Server(directory);
    }

    @AfterAll
    static void stopServer() {
        if (sharedServer != null) {
            sharedServer.close();
        }
    }

    @BeforeEach
    void startContext() {
        context.getRegistry().bind("registry", registry);
        context.start();
    }

    @AfterEach
    void stopContext() {
        producers.forEach(Producer::stop);
        context.stop();
    }

    @Test
    void anEmptyBatchMakesTheTables() throws Exception {
        send(sink(""), batch("t1", 0));

        assertThat(server.rows("SELECT count(*) FROM %s.telemetry".formatted(schema)))
                .containsExactly("0");
        assertThat(server.rows("SELECT count(*) FROM %s.telemetry_aggregate".formatted(schema)))
                .containsExactly("0");
    }

    @Test
    void aReadingBecomesARowWithUnitQualityAndBothTimes() throws Exception {
        send(
                sink(""),
                batch(
                        "t1",
                        0,
                        readings.encode(reading(new Value.Real(24.1), 0)),
                        readings.encode(reading(new Value.Whole(9007199254740993L), 1)),
                        readings.encode(reading(new Value.Flag(true), 2)),
                        readings.encode(reading(new Value.Text("a\0b"), 3)),
                        readings.encode(reading(null, 4))));

        assertThat(server.rows("""
                        SELECT time, gateway_id, asset_id, parameter, value, value_text, value_bool, unit, quality, quality_reason,
                               device_time, gateway_time, adapter_id, epoch, sequence
                        FROM %s.telemetry ORDER BY sequence""".formatted(schema)))
                .containsExactly(
                        row("24.1|null|null", 0),
                        row("9.007199254740992e+15|9007199254740993|null", 1),
                        row("null|null|t", 2),
                        row("null|a\u2400b|null", 3),
                        row("null|null|null", 4));
    }

    @Test
    void recordsThatWereWrittenBeforeAKillAreNotWrittenAgain() throws Exception {
        Producer first = sink("");
        send(first, batch("t1", 0));
        logInserts("telemetry");
        send(first, batch("t1", 0, encoded(0, 5)));
        first.stop();

        Batch again = batch("t1", 0, encoded(0, 8));
        send(sink(""), again);

        assertThat(server.rows("SELECT sequence FROM %s.log ORDER BY sequence".formatted(schema)))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(again.accepted()).as("the database has all of them").containsExactly(Map.entry(0, 8L));
    }

    @Test
    void theOffsetsOfAnotherTopicOrRouteAreOthers() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0, encoded(0, 2)));
        send(sink, batch("made-again", 0, encoded(2, 4)));
        send(sink, "sink.second", batch("t1", 0, encoded(4, 6)));

        assertThat(server.rows("SELECT count(*) FROM %s.telemetry".formatted(schema)))
                .containsExactly("6");
        assertThat(server.rows(
                        "SELECT route_id, topic_id, partition, next_offset FROM %s.streamforge_delivered ORDER BY 1, 2"
                                .formatted(schema)))
                .containsExactly("sink.historian|made-again|0|2", "sink.historian|t1|0|2", "sink.second|t1|0|2");
    }

    @Test
    void aRepeatedIdentityAtAnotherOffsetChangesNothing() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0, readings.encode(reading(new Value.Real(1), 0))));
        send(sink, batch("t1", 1, readings.encode(reading(new Value.Real(2), 0))));

        assertThat(server.rows("SELECT value FROM %s.telemetry".formatted(schema)))
                .containsExactly("1");
    }

    @Test
    void anApprovedReadingTakesThePlaceOfTheGapItLeft() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0, readings.encode(reading(null, 0)), readings.encode(reading(new Value.Real(1), 1))));
        send(
                sink,
                batch(
                        "t1",
                        2,
                        readings.encode(approved(new Value.Real(250), 0)),
                        readings.encode(approved(new Value.Real(2), 1)),
                        readings.encode(approved(new Value.Real(3), 2))));

        assertThat(server.rows("SELECT sequence, value, quality, quality_reason FROM %s.telemetry ORDER BY sequence"
                        .formatted(schema)))
                .containsExactly(
                        "0|250|SUSPECT|approved by anna", "1|1|UNCERTAIN|late", "2|3|SUSPECT|approved by anna");
    }

    @Test
    void ofAnAggregateTheHighestRevisionStays() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0, aggregate(5, 50), aggregate(7, 70), aggregate(6, 60)));
        assertThat(aggregateRows()).containsExactly("2026-11-20 12:00:00+00|1000|70|7");

        send(sink, batch("t1", 3, aggregate(6, 60)));
        assertThat(aggregateRows()).containsExactly("2026-11-20 12:00:00+00|1000|70|7");

        send(sink, batch("t1", 4, aggregate(9, 90)));
        assertThat(aggregateRows()).containsExactly("2026-11-20 12:00:00+00|1000|90|9");
    }

    @Test
    void anAggregateWithoutValuesHasNullStatistics() throws Exception {
        Aggregate gap = new Aggregate(
                "press-07",
                "temperature",
                "Cel",
                Duration.ofSeconds(1),
                Instant.parse("2026-11-20T12:00:00Z"),
                Instant.parse("2026-11-20T12:00:01Z"),
                null,
                new Aggregate.QualitySummary(0, 0, 1, 0),
                0,
                ORIGIN,
                1,
                null);

        send(sink(""), batch("t1", 0, aggregates.encode(gap)));

        assertThat(server.rows("SELECT avg, count, uncertain, gaps, last_state, states FROM %s.telemetry_aggregate"
                        .formatted(schema)))
                .containsExactly("null|0|1|1|null|null");
    }

    @Test
    void timeInStateIsQueriedAsJson() throws Exception {
        send(sink(""), batch("t1", 0, aggregate(5, 50)));

        assertThat(server.rows("""
                        SELECT last_state, each->>'state', each->>'count', each->>'seconds'
                        FROM %s.telemetry_aggregate, jsonb_array_elements(states) AS each""".formatted(schema))).containsExactly("auto|a \"b\"\n\\ü|2|0.6", "auto|null|1|0.4");
    }

    @Test
    void aTableOfAnEarlierVersionGetsTheColumnsItLacks() throws Exception {
        send(sink(""), batch("t1", 0, aggregate(5, 50)));
        server.execute("ALTER TABLE %s.telemetry_aggregate DROP gaps, DROP last_state, DROP states".formatted(schema));

        send(sink(""), batch("t1", 1, aggregate(6, 60)));

        assertThat(server.rows("SELECT revision, last_state FROM %s.telemetry_aggregate".formatted(schema)))
                .containsExactly("6|auto");
    }

    @Test
    void aUserWhoMayNotAddAColumnIsToldWhatToRun() throws Exception {
        send(sink(""), batch("t1", 0, aggregate(5, 50)));
        server.execute("""
                ALTER TABLE %1$s.telemetry_aggregate DROP gaps;
                CREATE USER %1$s_reader;
                GRANT USAGE ON SCHEMA %1$s TO %1$s_reader""".formatted(schema));

        assertThatThrownBy(() -> send(sink("&user=%s_reader".formatted(schema)), batch("t1", 1, aggregate(6, 60))))
                .hasMessageContaining(
                        "may not add it. Let an administrator run: ALTER TABLE \"%s\".\"telemetry_aggregate\" ADD COLUMN IF NOT EXISTS \"gaps\" bigint;"
                                .formatted(schema));
    }

    @Test
    void tablesAndSchemaTakeTheirNamesFromTheOptions() throws Exception {
        send(sink("&table=readings&aggregateTable=windows"), batch("t1", 0, encoded(0, 1)));

        assertThat(server.rows("SELECT tablename FROM pg_tables WHERE schemaname = '%s' ORDER BY 1".formatted(schema)))
                .containsExactly("readings", "streamforge_delivered", "windows");
    }

    @Test
    void twoSinksMayMakeTheTablesAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Exchange>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Producer sink = sink("");
                String route = "sink." + i;
                byte[][] records = encoded(i, i + 1);
                tasks.add(() -> send(sink, route, batch("t1", 0, records)));
            }
            for (Future<Exchange> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(server.rows("SELECT count(*) FROM %s.telemetry".formatted(schema)))
                .containsExactly("4");
    }

    @Test
    void aTableOfAnotherShapeIsNamedWithEverythingThatIsWrong() {
        server.execute("""
                CREATE SCHEMA %1$s;
                CREATE TABLE %1$s.telemetry AS SELECT now() AS time, 1 AS value, 'x' AS customer;
                ALTER TABLE %1$s.telemetry ALTER customer SET NOT NULL""".formatted(schema));

        assertThatThrownBy(() -> send(sink(""), batch("t1", 0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("Sink 'historian': ")
                .hasMessageContaining("table \"%s\".\"telemetry\" lacks column gateway_id text".formatted(schema))
                .hasMessageContaining("column value of table \"%s\".\"telemetry\" must be double precision, is integer"
                        .formatted(schema))
                .hasMessageContaining("column customer of table \"%s\".\"telemetry\" is NOT NULL without a default"
                        .formatted(schema));
    }

    @Test
    void aTableWithoutTheIdentityIsNamed() throws Exception {
        Producer first = sink("");
        send(first, batch("t1", 0));
        first.stop();
        server.execute("ALTER TABLE %s.telemetry DROP CONSTRAINT telemetry_pkey".formatted(schema));

        assertThatThrownBy(() -> send(sink(""), batch("t1", 0)))
                .hasMessage(("Sink 'historian': table \"%s\".\"telemetry\" needs a unique index on exactly"
                                + " (asset_id, time, sequence, epoch, adapter_id, gateway_id).")
                        .formatted(schema));
    }

    @Test
    void aUserWhoMayNotCreateIsToldWhatToRun() {
        server.execute("CREATE SCHEMA %1$s; CREATE USER %1$s_guest; GRANT USAGE ON SCHEMA %1$s TO %1$s_guest"
                .formatted(schema));

        assertThatThrownBy(() -> send(sink("&user=%s_guest".formatted(schema)), batch("t1", 0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(
                        "table \"%1$s\".\"telemetry\" does not exist and user '%1$s_guest' may not create it"
                                .formatted(schema))
                .hasMessageContaining("CREATE TABLE IF NOT EXISTS");
    }

    @Test
    void thePasswordComesFromABeanAndIsInNoUri() throws Exception {
        server.execute("CREATE USER %1$s_user PASSWORD 's3cret'; GRANT CREATE ON DATABASE postgres TO %1$s_user"
                .formatted(schema));
        server.requirePassword(schema + "_user");
        context.getRegistry().bind("right", "s3cret");
        context.getRegistry().bind("wrong", "other");

        Producer right = sink("&user=%s_user&password=#bean:right".formatted(schema));
        send(right, batch("t1", 0, encoded(0, 1)));

        assertThat(right.getEndpoint().getEndpointUri()).doesNotContain("s3cret");
        assertThat(right.getEndpoint().toString()).doesNotContain("s3cret");
        assertThatThrownBy(() -> send(sink("&user=%s_user&password=#bean:wrong".formatted(schema)), batch("t1", 0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("other");
    }

    @Test
    void theServersCertificateIsCheckedWhereItIsToBe(@TempDir Path directory) throws Exception {
        Certificates plant = new Certificates(directory.resolve("plant"));
        Certificates others = new Certificates(directory.resolve("others"));
        server.encrypt(plant);
        try {
            String known = "&caFile=" + plant.file("ca.crt");
            String unknown = "&caFile=" + others.file("ca.crt");
            send(sink("&sslMode=require"), batch("t1", 0, encoded(0, 1)));
            for (String mode : List.of("&sslMode=verify-ca", "&sslMode=verify-full")) {
                send(sink(mode + known), batch("t1", 0, encoded(0, 1)));
                for (String stranger : List.of(mode, mode + unknown)) {
                    assertThatThrownBy(() -> send(sink(stranger), batch("t1", 0)))
                            .as(stranger)
                            .isInstanceOf(UnavailableException.class)
                            .hasMessageContaining("PKIX path");
                }
            }
            send(sink("&sslMode=verify-ca" + known, "localhost"), batch("t1", 0, encoded(0, 1)));
            assertThatThrownBy(() -> send(sink("&sslMode=verify-full" + known, "localhost"), batch("t1", 0)))
                    .as("the certificate has another name")
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("localhost");
        } finally {
            server.decrypt();
        }
    }

    @Test
    void aServerWithoutTlsIsRefusedWhereTlsIsRequired() {
        assertThatThrownBy(() -> send(sink("&sslMode=require"), batch("t1", 0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("does not support SSL");
    }

    @Test
    void aRecordThatAConstraintForbidsIsRefusedAndTheOthersAreNot() throws Exception {
        Producer sink = sink("&breakerFailures=1");
        send(sink, batch("t1", 0));
        server.execute("ALTER TABLE %s.telemetry ADD CHECK (value < 100)".formatted(schema));
        byte[] good = readings.encode(reading(new Value.Real(1), 0));
        byte[] poison = readings.encode(reading(new Value.Real(101), 1));

        assertThatThrownBy(() -> send(sink, batch("t1", 0, good, poison)))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessage(
                        "Sink 'historian': the database refuses a record: new row for relation \"telemetry\" violates check"
                                + " constraint \"telemetry_value_check\" (SQLSTATE 23514).");
        send(sink, batch("t1", 0, good));
        send(sink, batch("t1", 2, encoded(2, 3)));

        assertThat(server.rows("SELECT sequence FROM %s.telemetry ORDER BY 1".formatted(schema)))
                .containsExactly("0", "2");
    }

    @Test
    void whatATriggerRaisesIsTheRecordsFault() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0));
        server.execute("""
                CREATE FUNCTION %1$s.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not today''; END';
                CREATE TRIGGER refuse BEFORE INSERT ON %1$s.telemetry FOR EACH ROW EXECUTE FUNCTION %1$s.refuse()""".formatted(schema));

        assertThatThrownBy(() -> send(sink, batch("t1", 0, encoded(0, 1))))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("not today");
    }

    @Test
    void aTimeThatPostgresCannotHoldIsTheRecordsFault() {
        Reading ancient = new Reading(
                new Value.Real(1),
                Quality.GOOD,
                "press-07",
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                Instant.parse("-9999-01-01T00:00:00Z"),
                AT,
                TimeSource.DEVICE,
                null,
                null,
                0,
                ORIGIN);

        assertThatThrownBy(() -> send(sink(""), batch("t1", 0, readings.encode(ancient))))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageContaining("timestamp out of range");
    }

    @Test
    void anEventBecomesARowWithItsStatesInTheirTypesAndARepeatedOneNone() throws Exception {
        Producer sink = sink("&eventTable=happenings");
        send(sink, batch("t1", 0));
        assertThat(server.rows("SELECT to_regclass('%s.happenings') IS NULL".formatted(schema)))
                .as("a sink without events has no table of them")
                .containsExactly("t");

        send(
                sink,
                events(
                        0,
                        event("e-1", null, new Value.Flag(true)),
                        event("e-2", new Value.Text("a \"b\""), new Value.Whole(9007199254740993L)),
                        event("e-3", new Value.Real(0.5), new Value.Real(Double.NaN)),
                        event("e-1", null, new Value.Flag(true))));
        send(sink, events(4, event("e-2", null, new Value.Flag(false))));
        assertThat(server.rows("SELECT count(*) FROM %s.happenings WHERE condition IS NOT NULL".formatted(schema)))
                .containsExactly("0");

        assertThat(server.rows("""
                        SELECT event_id, time, asset_id, event_type, previous_state, new_state, quality, device_time, gateway_time, adapter_id
                        FROM %s.happenings ORDER BY event_id""".formatted(schema)))
                .containsExactly(
                        "e-1|2026-11-20 12:00:00.123456+00|press-07|running|null|true|GOOD|2026-11-20 12:00:00.123456+00|2026-11-20 12:00:01.123456+00|press-07",
                        "e-2|2026-11-20 12:00:00.123456+00|press-07|running|\"a \\\"b\\\"\"|9007199254740993|GOOD|2026-11-20 12:00:00.123456+00|2026-11-20 12:00:01.123456+00|press-07",
                        "e-3|2026-11-20 12:00:00.123456+00|press-07|running|0.5|\"NaN\"|GOOD|2026-11-20 12:00:00.123456+00|2026-11-20 12:00:01.123456+00|press-07");
        assertThat(server.rows("SELECT next_offset FROM %s.streamforge_delivered".formatted(schema)))
                .containsExactly("5");
    }

    @Test
    void whatADeviceSaysOfItsAlarmIsKeptWithTheEventAlsoInAnEarlierTable() throws Exception {
        send(sink("&eventTable=alarming"), events(0, event("e-1", null, new Value.Flag(true))));
        server.execute("ALTER TABLE %s.alarming DROP condition, DROP quality_reason".formatted(schema));
        Event alarm = new Event(
                "e-9",
                "press-07",
                "Level/High",
                new Value.Text("NORMAL"),
                new Value.Text("UNACKNOWLEDGED"),
                AT,
                AT,
                TimeSource.DEVICE,
                Quality.GOOD,
                ORIGIN,
                new Condition("ns=2;i=7", null, 800, "too \"hot\"", true, false, null, true, "ada: seen", null),
                "approved by anna");
        send(
                sink("&eventTable=alarming"),
                events(1, new EventCodec(registry.idFor("events.clean", Schemas.EVENT)).encode(alarm)));

        assertThat(server.rows(
                        "SELECT quality_reason FROM %s.alarming WHERE event_id IN ('e-1', 'e-9') ORDER BY event_id"
                                .formatted(schema)))
                .hasSize(2)
                .endsWith("approved by anna");
        assertThat(server.rows("SELECT condition FROM %s.alarming WHERE event_id = 'e-9'".formatted(schema)))
                .containsExactly(
                        "{\"user\": null, \"acked\": false, \"active\": true, \"retain\": true, \"comment\": \"ada: seen\", \"message\": \"too \\\"hot\\\"\", \"severity\": 800, \"branch_id\": null, \"confirmed\": null, \"condition_id\": \"ns=2;i=7\"}");
    }

    @Test
    void recordsThatThisSinkHasNoTableForAreRefused() {
        byte[] letter = new DeadLetterCodec(registry.idFor("dlq.telemetry", Schemas.DEAD_LETTER))
                .encode(DeadLetter.of(batch("t1", 0, new byte[] {1}), 0, "s", "C", "r", AT, ORIGIN));

        assertThatThrownBy(() -> send(sink(""), batch("t1", 0, letter)))
                .hasMessage(
                        "This sink writes readings, aggregates and events, got a record of schema 'io.streamforge.v1.DeadLetter'.");
        assertThatThrownBy(() -> send(sink(""), batch("t1", 0, new byte[] {1})))
                .isInstanceOf(UndecodableException.class);
        assertThatThrownBy(() -> send(sink(""), batch("t1", 0, new byte[] {0, 0, 0, 0, 99})))
                .isInstanceOf(UndecodableException.class);
    }

    @Test
    void goesOnAfterARestartOfTheServer() throws Exception {
        Producer sink = sink("");
        send(sink, batch("t1", 0, encoded(0, 1)));
        server.stop();
        assertThatThrownBy(() -> send(sink, batch("t1", 1, encoded(1, 2)))).isInstanceOf(UnavailableException.class);
        server.start();
        send(sink, batch("t1", 1, encoded(1, 2)));

        assertThat(server.rows("SELECT sequence FROM %s.telemetry ORDER BY 1".formatted(schema)))
                .containsExactly("0", "1");
    }

    @Test
    void theBreakerOpensAfterItsFailuresAndLetsOneAttemptThroughAfterItsPause() throws Exception {
        Producer sink = sink("&breakerFailures=3&breakerPauseMs=700");
        Producer patient = sink("&breakerFailures=3&breakerPauseMs=600000");
        send(sink, batch("t1", 0, encoded(0, 1)));
        send(patient, batch("t1", 0));
        server.stop();
        try {
            for (Producer each : List.of(sink, patient)) {
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> send(each, batch("t1", 1, encoded(1, 2))))
                            .isInstanceOf(UnavailableException.class)
                            .hasMessageNotContaining("breaker");
                }
            }
            assertThatThrownBy(() -> send(patient, batch("t1", 1, encoded(1, 2))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("Sink 'historian': database 'postgres' at 127.0.0.1:")
                    .hasMessageEndingWith("The breaker is open: next attempt within 600000 ms.");
        } finally {
            server.start();
        }

        await().atMost(Duration.ofSeconds(10)).ignoreExceptions().untilAsserted(() -> {
            send(sink, batch("t1", 1, encoded(1, 2)));
            assertThat(server.rows("SELECT count(*) FROM %s.telemetry".formatted(schema)))
                    .containsExactly("2");
        });
    }

    @Test
    void aFrozenDatabaseIsLeftAfterTheTimeOutAndNothingIsWrittenTwice() throws Exception {
        Producer sink = sink("&writeTimeoutMs=1000&connectTimeoutMs=1000&breakerFailures=100");
        send(sink(""), batch("t1", 0));
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> send(sink, batch("t1", 0)));
        logInserts("telemetry");
        server.freeze();
        try {
            assertThatThrownBy(() -> send(sink, batch("t1", 0, encoded(0, 100))))
                    .isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> send(sink, batch("t1", 0, encoded(0, 100))))
                    .isInstanceOf(UnavailableException.class);
        } finally {
            server.thaw();
        }

        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> send(sink, batch("t1", 0, encoded(0, 100))));
        assertThat(server.rows("SELECT count(*), count(DISTINCT sequence) FROM %s.log".formatted(schema)))
                .containsExactly("100|100");
    }

    private List<String> aggregateRows() {
        return server.rows("SELECT time, resolution_ms, avg, revision FROM %s.telemetry_aggregate".formatted(schema));
    }

    /** An unkeyed log of every insert that was attempted. */
    private void logInserts(String table) {
        server.execute("""
                CREATE TABLE %1$s.log (sequence bigint);
                CREATE FUNCTION %1$s.log() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO %1$s.log VALUES (NEW.sequence); RETURN NEW; END';
                CREATE TRIGGER log BEFORE INSERT ON %1$s.%2$s FOR EACH ROW EXECUTE FUNCTION %1$s.log()""".formatted(schema, table));
    }

    private Producer sink(String options) throws Exception {
        return sink(options, "127.0.0.1");
    }

    private Producer sink(String options, String host) throws Exception {
        String user = options.contains("user=") ? "" : "&user=postgres";
        Producer producer = context.getEndpoint("timescaledb:historian?host=%s&port=%d&database=postgres&schema=%s%s%s"
                        .formatted(host, server.port(), schema, user, options))
                .createProducer();
        producer.start();
        producers.add(producer);
        return producer;
    }

    private Exchange send(Producer sink, Batch batch) throws Exception {
        return send(sink, "sink.historian", batch);
    }

    private Exchange send(Producer sink, String routeId, Batch batch) throws Exception {
        Exchange exchange = sink.getEndpoint().createExchange(ExchangePattern.InOnly);
        exchange.getExchangeExtension().setFromRouteId(routeId);
        exchange.getMessage().setBody(batch);
        sink.process(exchange);
        return exchange;
    }

    private Batch batch(String topicId, long firstOffset, byte[]... records) {
        Batch batch = Batch.input("telemetry.clean", topicId, false, List.of());
        for (int i = 0; i < records.length; i++) {
            batch.add("press-07".getBytes(UTF_8), records[i], 0, firstOffset + i);
        }
        return batch;
    }

    private static Batch events(long firstOffset, byte[]... records) {
        Batch batch = Batch.input("retry.sink.historian", "t-events", false, List.of());
        for (int i = 0; i < records.length; i++) {
            batch.add("press-07".getBytes(UTF_8), records[i], 0, firstOffset + i);
        }
        return batch;
    }

    private byte[] event(String id, @Nullable Value previous, Value state) {
        return new EventCodec(registry.idFor("events.clean", Schemas.EVENT))
                .encode(new Event(
                        id,
                        "press-07",
                        "running",
                        previous,
                        state,
                        AT,
                        AT.plusSeconds(1),
                        TimeSource.DEVICE,
                        Quality.GOOD,
                        ORIGIN));
    }

    private byte[][] encoded(int from, int to) {
        byte[][] records = new byte[to - from][];
        for (int i = from; i < to; i++) {
            records[i - from] = readings.encode(reading(new Value.Real(i), i));
        }
        return records;
    }

    private byte[] aggregate(long revision, double avg) {
        return aggregates.encode(new Aggregate(
                "press-07",
                "temperature",
                "Cel",
                Duration.ofSeconds(1),
                Instant.parse("2026-11-20T12:00:00Z"),
                Instant.parse("2026-11-20T12:00:01Z"),
                new Aggregate.Statistics(avg, avg, avg, 1, 0, avg, avg),
                new Aggregate.QualitySummary(1, 0, 0, 100),
                revision,
                ORIGIN,
                0,
                new Aggregate.States(
                        new Value.Text("auto"),
                        3,
                        0,
                        true,
                        List.of(
                                new Aggregate.StateTime("a \"b\"\n\\ü", 2, 600_000),
                                new Aggregate.StateTime(null, 1, 400_000)))));
    }

    private static String row(String values, long sequence) {
        return "2026-11-20 12:00:00.123456+00|gw-1|press-07|temperature|" + values
                + "|Cel|UNCERTAIN|late|2026-11-20 12:00:00.123456+00|2026-11-20 12:00:01.123456+00|press-07|3|"
                + sequence;
    }

    private static Reading approved(Value value, long sequence) {
        Reading reading = reading(value, sequence);
        return new Reading(
                value,
                Quality.SUSPECT,
                reading.assetId(),
                reading.parameter(),
                reading.unit(),
                reading.classification(),
                reading.deviceTime(),
                reading.gatewayTime(),
                reading.timeSource(),
                reading.clockSkewMs(),
                "approved by anna",
                sequence,
                ORIGIN);
    }

    private static Reading reading(@Nullable Value value, long sequence) {
        return new Reading(
                value,
                Quality.UNCERTAIN,
                "press-07",
                "temperature",
                "Cel",
                Classification.TELEMETRY,
                AT,
                AT.plusSeconds(1),
                TimeSource.DEVICE,
                1_000L,
                "late",
                sequence,
                ORIGIN);
    }
}
