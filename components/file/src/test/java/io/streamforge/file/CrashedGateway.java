package io.streamforge.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.backbone.BackboneComponent;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Origin;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.SourcePositions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A process of its own, to be killed: takes a folder's files into the stream. */
final class CrashedGateway {

    private CrashedGateway() {}

    /**
     * Runs until it is killed, or has handed over so many exchanges: then it is gone when the stream has the last of them and the folder does not know it
     * yet. Each of its lives cuts the files into other exchanges.
     *
     * @param args the folder; the stream; its registry; the epoch; the number of exchanges
     */
    public static void main(String[] args) throws Exception {
        long epoch = Long.parseLong(args[3]);
        CamelContext context = new DefaultCamelContext();
        BackboneComponent backbone = new BackboneComponent();
        backbone.setBootstrapServers(args[1]);
        backbone.setGatewayId("gw");
        context.addComponent("backbone", backbone);
        context.getRegistry().bind("positions", SourcePositions.class, backbone.sourcePositions());
        context.getRegistry()
                .bind(
                        "schemas",
                        SchemaRegistry.class,
                        new ConfluentSchemaRegistry(
                                List.of(URI.create(args[2])), Path.of(args[0]).resolveSibling("schemas.json")));
        context.getRegistry().bind("origin", new Origin("gw", "press-07", "file-source@1", 1, epoch));
        context.getRegistry()
                .bind(
                        "points",
                        new ObjectMapper()
                                .readTree("[{\"name\":\"{$.file}\",\"path\":\"$.count\",\"time\":\"$.at\"}]"));
        AtomicInteger exchanges = new AtomicInteger();
        int last = Integer.parseInt(args[4]);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("drop-folder:in?points=#bean:points&pollIntervalMs=100&settleMs=0&rowsPerExchange=%d&folder=%s"
                                .formatted(5 + epoch, args[0]))
                        .to("adapter:press-07?origin=#bean:origin&asset=press-07&deviceClock=device")
                        .to("backbone:telemetry.raw")
                        .process(exchange -> {
                            if (exchanges.incrementAndGet() == last) {
                                Runtime.getRuntime().halt(137);
                            }
                        });
            }
        });
        context.start();
        System.in.read();
        System.exit(0);
    }
}
