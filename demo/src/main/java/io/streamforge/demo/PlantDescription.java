package io.streamforge.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/** The demo plant as the control plane loads it, {@code plant.json}, with this demo's addresses in it. */
final class PlantDescription {

    private static final int FIRST_PORT = 15020;

    private PlantDescription() {}

    /** Writes the description for these ports to where the control plane will read it. */
    static JsonNode write(Path file, Ports ports) {
        ObjectMapper json = new ObjectMapper();
        try (InputStream resource = PlantDescription.class.getResourceAsStream("/plant.json")) {
            JsonNode plant = json.readTree(resource);
            for (JsonNode adapter : plant.get("adapters")) {
                ObjectNode parameters = (ObjectNode) adapter.get("parameters");
                if (parameters.has("port")) {
                    parameters.put("port", parameters.get("port").asInt() - FIRST_PORT + ports.plant());
                }
                if (parameters.has("url")) {
                    URI url = URI.create(parameters.get("url").asText());
                    int port = url.getPort() - FIRST_PORT + ports.plant();
                    parameters.put("url", "http://127.0.0.1:%d%s".formatted(port, url.getPath()));
                }
            }
            for (JsonNode sink : plant.get("sinks")) {
                ((ObjectNode) sink.get("parameters")).put("port", ports.postgres());
            }
            DataFolder.writePrivately(
                    file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(plant));
            return plant;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }
}
