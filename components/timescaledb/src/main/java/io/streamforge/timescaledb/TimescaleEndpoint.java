package io.streamforge.timescaledb;

import java.time.Duration;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The options of one sink. */
@UriEndpoint(
        scheme = "timescaledb",
        title = "TimescaleDB",
        syntax = "timescaledb:sink",
        producerOnly = true,
        firstVersion = "0.1.0")
public final class TimescaleEndpoint extends DefaultEndpoint {

    @UriPath(description = "The sink's id, for messages.")
    private final String sink;

    @UriParam(description = "Name or address of the server.")
    private String host = "";

    @UriParam(description = "TCP port of the server.", defaultValue = "5432")
    private int port = 5432;

    @UriParam(description = "The database.")
    private String database = "";

    @UriParam(description = "Who connects.")
    private String user = "";

    @UriParam(description = "The schema that holds the tables.", defaultValue = "public")
    private String schema = "public";

    @UriParam(description = "The table of readings.", defaultValue = "telemetry")
    private String table = "telemetry";

    @UriParam(description = "The table of aggregates.", defaultValue = "telemetry_aggregate")
    private String aggregateTable = "telemetry_aggregate";

    @UriParam(description = "The table of events.", defaultValue = "events")
    private String eventTable = "events";

    @UriParam(description = "disable, allow, prefer, require, verify-ca or verify-full.", defaultValue = "prefer")
    private String sslMode = "prefer";

    @UriParam(description = "PEM file with the authorities that sign the server's certificate.", label = "security")
    private String caFile = "";

    @UriParam(description = "Longest wait for a connection.", defaultValue = "10000")
    private long connectTimeoutMs = 10_000;

    @UriParam(
            description = "Longest wait for one statement; a database that does not answer is left after it.",
            defaultValue = "30000")
    private long writeTimeoutMs = 30_000;

    @UriParam(description = "Failures in a row after which the breaker opens.", defaultValue = "5")
    private int breakerFailures = 5;

    @UriParam(
            description = "How long the breaker stays open before it lets one attempt through.",
            defaultValue = "30000")
    private long breakerPauseMs = 30_000;

    @UriParam(
            secret = true,
            description =
                    "The user's password, best as #bean:<name of a String bean>; none where the server asks for none.")
    private @Nullable String password;

    TimescaleEndpoint(String uri, TimescaleComponent component, String sink) {
        super(uri, component);
        this.sink = sink;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public void setDatabase(String database) {
        this.database = database;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public void setSchema(String schema) {
        this.schema = schema;
    }

    public void setTable(String table) {
        this.table = table;
    }

    public void setAggregateTable(String aggregateTable) {
        this.aggregateTable = aggregateTable;
    }

    public void setEventTable(String eventTable) {
        this.eventTable = eventTable;
    }

    public void setSslMode(String sslMode) {
        this.sslMode = sslMode;
    }

    public void setCaFile(String caFile) {
        this.caFile = caFile;
    }

    public void setConnectTimeoutMs(long connectTimeoutMs) {
        this.connectTimeoutMs = connectTimeoutMs;
    }

    public void setWriteTimeoutMs(long writeTimeoutMs) {
        this.writeTimeoutMs = writeTimeoutMs;
    }

    public void setBreakerFailures(int breakerFailures) {
        this.breakerFailures = breakerFailures;
    }

    public void setBreakerPauseMs(long breakerPauseMs) {
        this.breakerPauseMs = breakerPauseMs;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    @Override
    public Producer createProducer() {
        return new TimescaleProducer(this, config(), password);
    }

    /** What the options say. */
    SinkConfig config() {
        return new SinkConfig(
                sink,
                host,
                port,
                database,
                user,
                schema,
                table,
                aggregateTable,
                eventTable,
                sslMode,
                caFile,
                Duration.ofMillis(connectTimeoutMs),
                Duration.ofMillis(writeTimeoutMs),
                breakerFailures,
                Duration.ofMillis(breakerPauseMs));
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("Sink '%s' can only be written to.".formatted(sink));
    }
}
