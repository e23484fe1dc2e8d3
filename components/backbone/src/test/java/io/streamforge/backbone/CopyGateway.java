package io.streamforge.backbone;

import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A gateway with one stage route that copies a topic; as a process of its own it can be killed. */
final class CopyGateway {

    /** Copies until its standard input ends. Arguments: bootstrap servers, gateway's process name, source URI, target topic. */
    public static void main(String[] args) throws Exception {
        CamelContext context = start(args[0], args[1], args[2], exchange -> {}, args[3]);
        System.out.println("READY");
        awaitEndOfInput();
        context.stop();
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }

    /** Starts a route with the id {@code copy}. */
    static CamelContext start(String bootstrapServers, String process, String source, Processor stage, String target)
            throws Exception {
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(bootstrapServers);
        backbone.setGatewayId("gw");
        backbone.setProcess(process);
        CamelContext context = new DefaultCamelContext();
        context.addComponent("backbone", backbone);
        context.getShutdownStrategy().setTimeout(20);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(source).routeId("copy").process(stage).to("backbone:" + target);
            }
        });
        context.start();
        return context;
    }

    private CopyGateway() {}
}
