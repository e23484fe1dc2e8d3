package io.streamforge.routes;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * The gateway's logging: one readable line per event on standard output, or where {@code -Dstreamforge.log=System.err} says, for commands whose output is read
 * by others. In code, since reading a file of XML costs a tenth of the start.
 */
public final class LogFormat extends ContextAwareBase implements Configurator {

    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{0}: %msg %kvp%n%ex";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.setTarget(System.getProperty("streamforge.log", "System.out"));
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("io.streamforge").setLevel(Level.INFO);
        // Names every keyword of a schema that is not JSON Schema's own, like units for forms.
        context.getLogger("com.networknt.schema").setLevel(Level.ERROR);
        // Says so for every attempt to reach a broker that is away; the gateway says it once.
        context.getLogger("org.apache.kafka.clients.NetworkClient").setLevel(Level.ERROR);
        // Warns of each attempt that it repeats by itself; what it gives up reaches the route.
        context.getLogger("org.apache.kafka.clients.producer.internals.Sender").setLevel(Level.ERROR);
        // Warns of each partition that was asked for its end and is not read.
        context.getLogger("org.apache.kafka.clients.consumer.internals.OffsetFetcherUtils")
                .setLevel(Level.ERROR);
        // Tells of each attempt to reach a server, with a stack; the route says what is wrong, once.
        context.getLogger("org.eclipse.milo").setLevel(Level.OFF);
        // Prints what a PLC sent, with a stack, for each message it cannot read; the route's health says it once.
        context.getLogger("org.apache.plc4x").setLevel(Level.OFF);
        // A line for each message beyond the receive maximum; the adapter counts them and asks for what it can get.
        context.getLogger("com.hivemq.client").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
