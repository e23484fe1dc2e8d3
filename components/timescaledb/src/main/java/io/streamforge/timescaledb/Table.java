package io.streamforge.timescaledb;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table as this sink writes it, with everything that is said about it in SQL.
 *
 * @param staging the temporary table that COPY fills
 * @param identity the columns of its primary key; first those that queries ask for
 * @param onConflict what happens to a row whose identity is there already
 */
record Table(
        String schema, String name, String staging, List<Column> columns, List<String> identity, String onConflict) {

    /**
     * A column.
     *
     * @param type as PostgreSQL's {@code format_type} writes it
     * @param later whether tables of an earlier version lack it: then it is added
     */
    record Column(String name, String type, boolean required, boolean later) {

        Column(String name, String type, boolean required) {
            this(name, type, required, false);
        }

        private String definition() {
            return quoted(name) + " " + type + (required ? " NOT NULL" : "");
        }
    }

    private static final String TIME = "timestamp with time zone";
    private static final String TEXT = "text";
    private static final String REAL = "double precision";
    private static final String BIGINT = "bigint";
    private static final String FLAG = "boolean";
    private static final String JSON = "jsonb";

    /** Readings: a second attempt at the same identity changes nothing, but see {@link #fillGaps}. */
    static Table readings(String schema, String name) {
        return new Table(
                schema,
                name,
                "streamforge_readings",
                List.of(
                        new Column("time", TIME, true),
                        new Column("gateway_id", TEXT, true),
                        new Column("asset_id", TEXT, true),
                        new Column("parameter", TEXT, true),
                        new Column("value", REAL, false),
                        new Column("value_text", TEXT, false),
                        new Column("value_bool", FLAG, false),
                        new Column("unit", TEXT, true),
                        new Column("quality", TEXT, true),
                        new Column("quality_reason", TEXT, false),
                        new Column("device_time", TIME, false),
                        new Column("gateway_time", TIME, true),
                        new Column("adapter_id", TEXT, true),
                        new Column("epoch", BIGINT, true),
                        new Column("sequence", BIGINT, true)),
                List.of("asset_id", "time", "sequence", "epoch", "adapter_id", "gateway_id"),
                "DO NOTHING");
    }

    /** Aggregates: the highest revision of an identity stays. */
    static Table aggregates(String schema, String name) {
        List<Column> columns = List.of(
                new Column("time", TIME, true),
                new Column("resolution_ms", BIGINT, true),
                new Column("gateway_id", TEXT, true),
                new Column("asset_id", TEXT, true),
                new Column("parameter", TEXT, true),
                new Column("unit", TEXT, true),
                new Column("avg", REAL, false),
                new Column("min", REAL, false),
                new Column("max", REAL, false),
                new Column("count", BIGINT, true),
                new Column("stddev", REAL, false),
                new Column("first", REAL, false),
                new Column("last", REAL, false),
                new Column("good", BIGINT, true),
                new Column("suspect", BIGINT, true),
                new Column("uncertain", BIGINT, true),
                new Column("percent_good", REAL, true),
                new Column("revision", BIGINT, true),
                new Column("adapter_id", TEXT, true),
                new Column("gaps", BIGINT, false, true),
                new Column("last_state", TEXT, false, true),
                new Column("states", JSON, false, true));
        List<String> identity = List.of("asset_id", "parameter", "resolution_ms", "time", "gateway_id");
        String updates = columns.stream()
                .map(Column::name)
                .filter(column -> !identity.contains(column))
                .map(column -> "%1$s = EXCLUDED.%1$s".formatted(quoted(column)))
                .collect(Collectors.joining(", "));
        return new Table(
                schema,
                name,
                "streamforge_aggregates",
                columns,
                identity,
                "DO UPDATE SET %s WHERE stored.revision < EXCLUDED.revision".formatted(updates));
    }

    /** Events: the first of an identity stays. Never a hypertable: an identity in it would need the time, which a repeated event may not keep. */
    static Table events(String schema, String name) {
        return new Table(
                schema,
                name,
                "streamforge_events",
                List.of(
                        new Column("event_id", TEXT, true),
                        new Column("time", TIME, true),
                        new Column("gateway_id", TEXT, true),
                        new Column("asset_id", TEXT, true),
                        new Column("event_type", TEXT, true),
                        new Column("previous_state", JSON, false),
                        new Column("new_state", JSON, false),
                        new Column("quality", TEXT, true),
                        new Column("device_time", TIME, false),
                        new Column("gateway_time", TIME, true),
                        new Column("adapter_id", TEXT, true),
                        new Column("condition", JSON, false, true),
                        new Column("quality_reason", TEXT, false, true)),
                List.of("asset_id", "event_id", "adapter_id", "gateway_id"),
                "DO NOTHING");
    }

    /** Up to where which route has delivered: what makes a record arrive once although a commit to the stream may be lost. */
    static Table delivered(String schema) {
        return new Table(
                schema,
                "streamforge_delivered",
                "",
                List.of(
                        new Column("route_id", TEXT, true),
                        new Column("topic_id", TEXT, true),
                        new Column("partition", "integer", true),
                        new Column("next_offset", BIGINT, true)),
                List.of("route_id", "topic_id", "partition"),
                "");
    }

    String qualified() {
        return quoted(schema) + "." + quoted(name);
    }

    String create() {
        return "CREATE TABLE IF NOT EXISTS %s (%s, PRIMARY KEY (%s))"
                .formatted(
                        qualified(),
                        columns.stream().map(Column::definition).collect(Collectors.joining(", ")),
                        names(identity));
    }

    /** Adds a column that tables of an earlier version lack. */
    String add(Column column) {
        return "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s".formatted(qualified(), column.definition());
    }

    /** Takes the rows of one transaction; no constraint but the types, so that the table's own decide. */
    String createStaging() {
        return "CREATE TEMPORARY TABLE %s (%s) ON COMMIT DELETE ROWS"
                .formatted(
                        staging,
                        columns.stream()
                                .map(column -> quoted(column.name) + " " + column.type)
                                .collect(Collectors.joining(", ")));
    }

    String copy() {
        return "COPY %s FROM STDIN (FORMAT binary)".formatted(staging);
    }

    /** Of several rows with one identity in a batch, an upsert may only see the last. */
    String insert() {
        String all = names(columns.stream().map(Column::name).toList());
        String rows = onConflict.equals("DO NOTHING")
                ? "SELECT %s FROM %s".formatted(all, staging)
                : "SELECT DISTINCT ON (%2$s) %1$s FROM %3$s ORDER BY %2$s, revision DESC"
                        .formatted(all, names(identity), staging);
        return "INSERT INTO %s AS stored (%s) %s ON CONFLICT (%s) %s"
                .formatted(qualified(), all, rows, names(identity), onConflict);
    }

    /**
     * Of readings: a gap takes the value of the transaction's row of its identity. The validator leaves a gap where it refuses a reading;
     * one that passes later, approved or by other rules, must not be lost for it.
     */
    String fillGaps() {
        List<String> values = List.of("value", "value_text", "value_bool");
        return "UPDATE %s AS stored SET %s FROM %s AS taken WHERE %s AND %s AND NOT (%s)"
                .formatted(
                        qualified(),
                        Stream.concat(values.stream(), Stream.of("quality", "quality_reason"))
                                .map(column -> "%1$s = taken.%1$s".formatted(quoted(column)))
                                .collect(Collectors.joining(", ")),
                        staging,
                        identity.stream()
                                .map(column -> "stored.%1$s = taken.%1$s".formatted(quoted(column)))
                                .collect(Collectors.joining(" AND ")),
                        empty("stored", values),
                        empty("taken", values));
    }

    private static String empty(String row, List<String> columns) {
        return columns.stream()
                .map(column -> "%s.%s IS NULL".formatted(row, quoted(column)))
                .collect(Collectors.joining(" AND "));
    }

    static String quoted(String name) {
        return '"' + name + '"';
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Table::quoted).collect(Collectors.joining(", "));
    }
}
