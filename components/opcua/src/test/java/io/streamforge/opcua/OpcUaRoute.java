package io.streamforge.opcua;

import io.streamforge.adapter.SourceHealth;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a route that reads a server have in common: its Camel context, and the folder with the certificate, which takes a while to be made. */
abstract class OpcUaRoute {

    @TempDir
    static Path data = Path.of("");

    final CamelContext context = new DefaultCamelContext();

    /** A server takes seconds to start. */
    @BeforeAll
    static void waitForServers() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @BeforeEach
    void startContext() {
        context.getRegistry().bind("dataFolder", data);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stopContext() {
        context.stop();
    }

    final SourceHealth health() {
        return (SourceHealth) context.getRoute("under-test").getConsumer();
    }
}
