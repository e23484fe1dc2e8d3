package io.streamforge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.adapter.TlsFiles;
import io.streamforge.adapter.payload.EpochUnit;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpPushComponentTest {

    private static final String KEY = "apiKey=0123456789abcdef";

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void allErrorsOfTheOptionsAreToldAtOnce() {
        assertThatThrownBy(() -> context.getEndpoint("http-push:127.0.0.1:70000/a b?" + KEY
                        + "&maxBodyBytes=1&maxReadings=0&maxRequests=0&acknowledgeTimeoutMs=1&assetField=value"))
                .rootCause()
                .hasMessageContainingAll(
                        "port must be at most 65535, got 70000",
                        "path must begin with a slash",
                        "maxBodyBytes must be at least 1024, got 1",
                        "maxReadings must be at least 1, got 0",
                        "maxRequests must be at least 1, got 0",
                        "acknowledgeTimeoutMs must be at least 100, got 1",
                        "must be different names, got 'value' twice");
    }

    @Test
    void everyOptionReachesTheConfiguration() {
        assertThat(context.getEndpoint(
                                "http-push:127.0.0.2:8091/in/x?" + KEY
                                        + "&certificateFile=own&keyFile=key&clientCaFile=ca&maxBodyBytes=5100&maxReadings=52&maxRequests=53"
                                        + "&acknowledgeTimeoutMs=540&assetField=machine&parameterField=tag&valueField=v&unitField=uom"
                                        + "&timestampField=at&epochUnit=us",
                                HttpPushEndpoint.class)
                        .config())
                .isEqualTo(new PushConfig(
                        "127.0.0.2",
                        8091,
                        "/in/x",
                        new TlsFiles("ca", "own", "key"),
                        5100,
                        52,
                        53,
                        Duration.ofMillis(540),
                        new Mapping("machine", "tag", "v", "uom", "at", EpochUnit.US)));
    }

    @Test
    void aShortKeyIsRefusedWithoutBeingTold() {
        assertThatThrownBy(() -> context.getEndpoint("http-push:127.0.0.1:0/?apiKey=geheim"))
                .rootCause()
                .hasMessage("HTTP source: apiKey must have at least 16 characters, got 6.");
    }

    @Test
    void anUnknownUnitIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> context.getEndpoint("http-push:127.0.0.1:0/?" + KEY + "&epochUnit=min"))
                .rootCause()
                .hasMessage("HTTP source: epochUnit must be one of s, ms, us, ns, got 'min'.");
    }

    @Test
    void theKeyIsShownInItsHeaderOrAsBearerOrToken() {
        ApiKey key = new ApiKey("0123456789abcdef");
        assertThat(key.isShownBy("0123456789abcdef", null)).isTrue();
        assertThat(key.isShownBy(null, "Bearer 0123456789abcdef")).isTrue();
        assertThat(key.isShownBy(null, "token 0123456789abcdef")).isTrue();
        assertThat(key.isShownBy(null, "Basic 0123456789abcdef")).isFalse();
        assertThat(key.isShownBy(null, "0123456789abcdef")).isFalse();
        assertThat(key.isShownBy("0123456789abcdeF", null)).isFalse();
        assertThat(key.isShownBy(null, null)).isFalse();
    }
}
