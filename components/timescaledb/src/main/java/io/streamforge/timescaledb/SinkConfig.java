package io.streamforge.timescaledb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where and how one sink writes. The password is not part of it, so that this can be shown.
 *
 * @param name the sink's id, for messages
 * @param schema the schema that holds all tables
 * @param table for readings
 * @param aggregateTable for aggregates
 * @param eventTable for events, made with the first of them
 * @param sslMode libpq's: disable, allow, prefer, require, verify-ca or verify-full
 * @param caFile of the authorities that may have signed the server's certificate, PEM; empty for those that Java trusts
 * @param connectTimeout longest wait for a connection
 * @param writeTimeout longest wait for one statement: a frozen database is left after it
 * @param breakerFailures failures in a row after which the breaker opens
 * @param breakerPause how long it stays open before one attempt is let through
 */
record SinkConfig(
        String name,
        String host,
        int port,
        String database,
        String user,
        String schema,
        String table,
        String aggregateTable,
        String eventTable,
        String sslMode,
        String caFile,
        Duration connectTimeout,
        Duration writeTimeout,
        int breakerFailures,
        Duration breakerPause) {

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    SinkConfig {
        List<String> mistakes = new ArrayList<>();
        required(mistakes, "host", host);
        required(mistakes, "database", database);
        required(mistakes, "user", user);
        if (port < 1 || port > 65_535) {
            mistakes.add("port must be 1 to 65535, got %d".formatted(port));
        }
        identifier(mistakes, "schema", schema);
        identifier(mistakes, "table", table);
        identifier(mistakes, "aggregateTable", aggregateTable);
        identifier(mistakes, "eventTable", eventTable);
        if (table.equals(aggregateTable)) {
            mistakes.add("aggregateTable must differ from table, got '%s' for both".formatted(table));
        }
        if (eventTable.equals(table) || eventTable.equals(aggregateTable)) {
            mistakes.add("eventTable must differ from table and aggregateTable, got '%s' twice".formatted(eventTable));
        }
        if (!SSL_MODES.contains(sslMode)) {
            mistakes.add("sslMode must be one of %s, got '%s'".formatted(String.join(", ", SSL_MODES), sslMode));
        }
        if (!caFile.isEmpty() && !verifies(sslMode)) {
            mistakes.add("caFile must be empty unless sslMode is verify-ca or verify-full, got sslMode '%s'"
                    .formatted(sslMode));
        }
        atLeast(mistakes, "connectTimeoutMs", connectTimeout, 100);
        atLeast(mistakes, "writeTimeoutMs", writeTimeout, 1_000);
        if (breakerFailures < 1) {
            mistakes.add("breakerFailures must be at least 1, got %d".formatted(breakerFailures));
        }
        atLeast(mistakes, "breakerPauseMs", breakerPause, 1);
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("Sink '%s': %s.".formatted(name, String.join("; ", mistakes)));
        }
    }

    /** Whether the server's certificate is checked. */
    boolean verifies() {
        return verifies(sslMode);
    }

    private static boolean verifies(String sslMode) {
        return sslMode.startsWith("verify-");
    }

    private static void required(List<String> mistakes, String option, String value) {
        if (value.isBlank()) {
            mistakes.add("%s is required".formatted(option));
        }
    }

    private static void identifier(List<String> mistakes, String option, String value) {
        if (!IDENTIFIER.matcher(value).matches()) {
            mistakes.add("%s must be a plain SQL name of at most 63 letters, digits and underscores, got '%s'"
                    .formatted(option, value));
        }
    }

    private static void atLeast(List<String> mistakes, String option, Duration value, long millis) {
        if (value.toMillis() < millis) {
            mistakes.add("%s must be at least %d, got %d".formatted(option, millis, value.toMillis()));
        }
    }
}
