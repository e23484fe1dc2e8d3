package io.streamforge.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A process of its own, to be killed: takes a folder's files, and writes what comes, one exchange at a time and onto the disk, to a file. */
final class CrashedGateway {

    private CrashedGateway() {}

    /** @param args the folder; the file */
    public static void main(String[] args) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.getRegistry()
                .bind(
                        "points",
                        new ObjectMapper()
                                .readTree("[{\"name\":\"{$.file}\",\"path\":\"$.count\",\"time\":\"$.at\"}]"));
        FileChannel stream = FileChannel.open(
                Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("drop-folder:in?points=#bean:points&pollIntervalMs=100&settleMs=0&rowsPerExchange=7&folder="
                                + args[0])
                        .process(exchange -> {
                            StringBuilder lines = new StringBuilder();
                            for (Object observation : exchange.getMessage().getBody(List.class)) {
                                Sample sample = Observation.samples(List.of((Observation) observation))
                                        .get(0);
                                lines.append("%s %s %s\n"
                                        .formatted(sample.parameter(), sample.deviceTime(), sample.value()));
                            }
                            stream.write(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
                            stream.force(false);
                        });
            }
        });
        context.start();
        System.in.read();
        System.exit(0);
    }
}
