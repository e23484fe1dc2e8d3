package io.streamforge.backbone;

import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A gateway with one stage route, {@code copy}, that writes what its stage makes of a topic; as a process of its own it can be killed. */
final class CopyGateway implements AutoCloseable {

    /** Does nothing to the batch. */
    static final Processor NOTHING = exchange -> {};

    private final CamelContext context = new DefaultCamelContext();

    /** Copies until its standard input ends. Arguments: bootstrap servers, name of this process, source URI, target topic. */
    public static void main(String[] args) throws Exception {
        try (CopyGateway gateway = new CopyGateway(args[0], args[1])) {
            gateway.start(args[2], NOTHING, args[3], NOTHING);
            System.out.println("READY");
            awaitEndOfInput();
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    CopyGateway(String bootstrapServers, String process) {
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(bootstrapServers);
        backbone.setGatewayId("gw");
        backbone.setProcess(process);
        context.addComponent("backbone", backbone);
        context.getShutdownStrategy().setTimeout(20);
    }

    CamelContext context() {
        return context;
    }

    CopyGateway start(String source, Processor before, String target, Processor after) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(source)
                        .routeId("copy")
                        .process(before)
                        .to("backbone:" + target)
                        .process(after);
            }
        });
        context.start();
        return this;
    }

    StreamConsumer consumer() {
        return (StreamConsumer) context.getRoute("copy").getConsumer();
    }

    @Override
    public void close() throws Exception {
        context.stop();
    }
}
