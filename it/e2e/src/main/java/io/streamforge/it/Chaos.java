package io.streamforge.it;

import io.streamforge.adapter.testing.FreePort;
import io.streamforge.it.Sender.Identity;
import io.streamforge.model.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * {@code ./streamforge chaos}: a plant posts readings to a gateway while gateway, broker and sink database are killed and frozen at random; in the
 * end everything acknowledged must be in the sink, once.
 */
public final class Chaos {

    /** A sender repeats what was not acknowledged with the same times: the rule for duplicates makes one of it. */
    private static final String RULES =
            "[{\"required\":true,\"range\":{\"min\":0,\"max\":1000000000},\"duplicates\":{\"remember\":1000}}]";

    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final int ACKNOWLEDGE_TIMEOUT_MS = 5_000;
    private static final int QUIET_SECONDS = 6;

    /**
     * How to run.
     *
     * @param seconds how long faults happen
     * @param rate readings per second
     * @param data folder for data and logs, or null for one that is deleted when the run was clean
     */
    record Options(
            int seconds, int rate, long seed, @Nullable Path data, boolean json) {

        private static final List<String> KNOWN = List.of("--seconds", "--rate", "--seed", "--data", "--json");

        static Options parse(String[] arguments) {
            int seconds = 60;
            int rate = 500;
            long seed = ThreadLocalRandom.current().nextLong(1_000_000);
            Path data = null;
            boolean json = false;
            for (int i = 0; i < arguments.length; i++) {
                String option = arguments[i];
                if (option.equals("--json")) {
                    json = true;
                    continue;
                }
                if (!KNOWN.contains(option)) {
                    throw new IllegalArgumentException(
                            "Unknown option '%s'. Known: %s.".formatted(option, String.join(", ", KNOWN)));
                }
                i++;
                String given = i < arguments.length ? arguments[i] : "";
                switch (option) {
                    case "--seconds" -> seconds = (int) number(option, given, 1, 86_400);
                    case "--rate" -> rate = (int) number(option, given, 1, 100_000);
                    case "--seed" -> seed = number(option, given, 0, Long.MAX_VALUE);
                    default -> data = Path.of(given);
                }
            }
            return new Options(seconds, rate, seed, data, json);
        }

        private static long number(String option, String given, long least, long most) {
            try {
                long number = Long.parseLong(given);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException(
                    "Option %s must be a whole number from %d to %d, got '%s'.".formatted(option, least, most, given));
        }
    }

    private final Options options;
    private final Consumer<String> log;
    private final long begun = System.nanoTime();

    private Chaos(Options options, Consumer<String> log) {
        this.options = options;
        this.log = log;
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path data = options.data() == null ? Files.createTempDirectory("streamforge-chaos") : options.data();
        Files.createDirectories(data);
        Verdict verdict = run(options, data, System.err::println);
        System.err.println(verdict.report());
        if (!verdict.isClean()) {
            System.err.println("Data and logs are in " + data);
        } else if (options.data() == null) {
            delete(data);
        }
        if (options.json()) {
            System.out.println(verdict.json());
        }
        System.exit(verdict.isClean() ? 0 : 1);
    }

    /** @param log takes a line per event */
    static Verdict run(Options options, Path data, Consumer<String> log) throws Exception {
        return new Chaos(options, log).run(data);
    }

    private Verdict run(Path data) throws Exception {
        Stack stack = new Stack(data);
        Thread ended = new Thread(() -> closeQuietly(stack));
        Runtime.getRuntime().addShutdownHook(ended);
        try (stack) {
            return run(stack);
        } finally {
            Runtime.getRuntime().removeShutdownHook(ended);
        }
    }

    private Verdict run(Stack stack) throws Exception {
        Part broker = stack.broker();
        Postgres postgres = stack.postgres();
        int port = FreePort.next();
        Part gateway = stack.gatewayWithPlan(stack.write(
                "plan.json",
                new Plan(1)
                        .http("plant", port, ACKNOWLEDGE_TIMEOUT_MS)
                        .validate(RULES)
                        .aggregate("1s", "telemetry.clean", 1000)
                        .postgresSink("plant", postgres.port(), "[\"telemetry.clean\",\"telemetry.1s\"]")
                        .json()));
        Stack.awaitReady(stack.gatewayUrl());
        Sender sender = stack.with(new Sender(port, options.rate())).first();
        logWrites(postgres);
        log("the load begins, seed %d".formatted(options.seed()));
        sender.start();
        Killer killer = stack.with(new Killer(options.seed(), this::log))
                .victim("gateway", victim(gateway))
                .victim("broker", victim(broker))
                .victim("database", victim(postgres))
                .start();
        await(Duration.ofSeconds(options.seconds()));
        killer.finish(RECOVERY);
        log("no more faults; %d readings are acknowledged".formatted(sender.count()));
        Set<Identity> acknowledged = sender.finish(RECOVERY);
        log("the load has ended; %d readings are acknowledged".formatted(acknowledged.size()));
        String standstill = awaitQuiet(postgres, acknowledged.size()) ? "" : standstill(stack, gateway, broker);
        return verdict(stack, postgres, acknowledged, sender, killer, standstill);
    }

    /** A table without any key that a trigger fills: an upsert that writes a row again cannot hide in it. */
    private static void logWrites(Postgres postgres) {
        Awaitility.await("the sink's table")
                .atMost(Duration.ofSeconds(90))
                .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") == 1);
        postgres.execute(
                "plant",
                "CREATE TABLE write_log AS SELECT gateway_id, adapter_id, epoch, asset_id, sequence FROM telemetry");
        postgres.execute("plant", """
                CREATE FUNCTION log_write() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN INSERT INTO write_log VALUES (NEW.gateway_id, NEW.adapter_id, NEW.epoch, NEW.asset_id, NEW.sequence); RETURN NEW; END $$""");
        postgres.execute(
                "plant",
                "CREATE TRIGGER log_write BEFORE INSERT OR UPDATE ON telemetry FOR EACH ROW EXECUTE FUNCTION log_write()");
    }

    /**
     * Until the sink holds at least as many readings as were acknowledged and its table no longer grows.
     *
     * @return false if the table stopped growing before that
     */
    private boolean awaitQuiet(Postgres postgres, int acknowledged) {
        long before = -1;
        int quiet = 0;
        long progress = System.nanoTime();
        while (quiet < QUIET_SECONDS) {
            await(Duration.ofSeconds(1));
            long rows = postgres.number("plant", "SELECT count(*) FROM write_log");
            if (rows != before) {
                progress = System.nanoTime();
            }
            if (System.nanoTime() - progress > RECOVERY.toNanos()) {
                log("the pipeline stands still; the sink's table was written %d times".formatted(before));
                return false;
            }
            quiet = rows == before && rows >= acknowledged ? quiet + 1 : 0;
            before = rows;
        }
        log("the pipeline is quiet; the sink's table was written %d times".formatted(before));
        return true;
    }

    /** Why, as far as the gateway can say it; what its threads and the broker's do goes to their logs. */
    private static String standstill(Stack stack, Part gateway, Part broker) {
        for (Part part : List.of(gateway, broker)) {
            if (!part.isAlive()) {
                return "It has ended by itself: " + part.tail();
            }
        }
        Part.signal("QUIT", List.of(gateway.pid(), broker.pid()));
        try {
            return "The gateway says: " + Stack.get(stack.gatewayUrl() + "/health");
        } catch (UncheckedIOException e) {
            return "The gateway does not answer: " + e.getMessage();
        }
    }

    private Verdict verdict(
            Stack stack, Postgres postgres, Set<Identity> acknowledged, Sender sender, Killer killer, String standstill)
            throws SQLException {
        Map<Identity, Integer> clean = identities(stack, "telemetry.clean");
        Set<Identity> stored = new HashSet<>();
        List<String> writtenTwice = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("plant"));
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT asset_id, parameter, (extract(epoch FROM device_time) * 1000000)::bigint FROM telemetry WHERE device_time IS NOT NULL")) {
                while (rows.next()) {
                    stored.add(new Identity(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
            try (ResultSet rows = statement.executeQuery("""
                    SELECT asset_id || '/' || epoch || '/' || sequence, count(*) FROM write_log
                    GROUP BY gateway_id, adapter_id, epoch, asset_id, sequence HAVING count(*) > 1""")) {
                while (rows.next()) {
                    writtenTwice.add(rows.getString(1));
                }
            }
        }
        Set<Identity> missing = new HashSet<>(acknowledged);
        missing.removeAll(stored);
        List<String> lost = missing.stream().map(Identity::toString).sorted().toList();
        List<String> doubled = new ArrayList<>();
        clean.forEach((identity, times) -> {
            if (times > 1) {
                doubled.add("%s %d times".formatted(identity, times));
            }
        });
        return new Verdict(
                acknowledged.size(),
                acknowledged.size() - lost.size(),
                lost,
                lost.isEmpty() ? "" : lastSeen(stack, missing, clean),
                doubled,
                writtenTwice,
                killer.kills(),
                killer.stops(),
                sender.repeats(),
                sender.refused(),
                standstill,
                options.seed());
    }

    /** How often each reading with a value stands in a topic, committed. */
    private static Map<Identity, Integer> identities(Stack stack, String topic) {
        Map<Identity, Integer> identities = new HashMap<>();
        for (Reading reading : stack.stream().readings(topic)) {
            Instant time = reading.deviceTime();
            if (time != null && reading.value() != null) {
                identities.merge(
                        new Identity(
                                reading.assetId(), reading.parameter(), ChronoUnit.MICROS.between(Instant.EPOCH, time)),
                        1,
                        Integer::sum);
            }
        }
        return identities;
    }

    /** How far along the pipeline the readings have come that did not reach its end. */
    private static String lastSeen(Stack stack, Set<Identity> missing, Map<Identity, Integer> clean) {
        Map<Identity, Integer> raw = identities(stack, "telemetry.raw");
        return "Of what is lost, %d are in telemetry.raw and %d in telemetry.clean."
                .formatted(
                        missing.stream().filter(raw::containsKey).count(),
                        missing.stream().filter(clean::containsKey).count());
    }

    private static Killer.Victim victim(Part part) {
        return new Killer.Victim() {
            @Override
            public void kill() {
                part.kill();
            }

            @Override
            public void start() {
                part.start();
            }

            @Override
            public void freeze() {
                part.freeze();
            }

            @Override
            public void thaw() {
                part.thaw();
            }
        };
    }

    private static Killer.Victim victim(Postgres postgres) {
        return new Killer.Victim() {
            @Override
            public void kill() {
                postgres.kill();
            }

            @Override
            public void start() {
                postgres.start();
            }

            @Override
            public void freeze() {
                postgres.freeze();
            }

            @Override
            public void thaw() {
                postgres.thaw();
            }
        };
    }

    private void log(String event) {
        log.accept("%7.1f s  %s".formatted((System.nanoTime() - begun) / 1e9, event));
    }

    private static void await(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void closeQuietly(Stack stack) {
        try {
            stack.close();
        } catch (Exception e) {
            System.err.println(e.getMessage());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
