package io.streamforge.timescaledb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SinkConfigTest {

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatThrownBy(() -> new SinkConfig(
                        "historian",
                        " ",
                        0,
                        "",
                        "",
                        "my schema",
                        "t",
                        "t",
                        "t",
                        "yes",
                        "ca.crt",
                        Duration.ZERO,
                        Duration.ofMillis(999),
                        0,
                        Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Sink 'historian': host is required; database is required; user is required; "
                        + "port must be 1 to 65535, got 0; "
                        + "schema must be a plain SQL name of at most 63 letters, digits and underscores, got 'my schema'; "
                        + "aggregateTable must differ from table, got 't' for both; "
                        + "eventTable must differ from table and aggregateTable, got 't' twice; "
                        + "sslMode must be one of disable, allow, prefer, require, verify-ca, verify-full, got 'yes'; "
                        + "caFile must be empty unless sslMode is verify-ca or verify-full, got sslMode 'yes'; "
                        + "connectTimeoutMs must be at least 100, got 0; "
                        + "writeTimeoutMs must be at least 1000, got 999; "
                        + "breakerFailures must be at least 1, got 0; "
                        + "breakerPauseMs must be at least 1, got 0.");
    }
}
