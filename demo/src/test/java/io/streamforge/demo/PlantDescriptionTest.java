package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlantDescriptionTest {

    private final Path temporary;

    PlantDescriptionTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @Test
    void carriesThisDemosAddresses() throws Exception {
        JsonNode plant = written();
        List<Integer> ports = new ArrayList<>();
        plant.path("adapters")
                .forEach(adapter -> ports.add(adapter.at("/parameters/port").asInt()));
        assertThat(ports).containsExactly(9, 10, 11, 0, 0);
        assertThat(plant.at("/adapters/3/parameters/url").asText()).isEqualTo("http://127.0.0.1:12/api/v1/feeders");
        assertThat(plant.at("/sinks/0/parameters/port").asInt()).isEqualTo(7);
        assertThat(new ObjectMapper().readTree(temporary.resolve("plant.json").toFile()))
                .isEqualTo(plant);
    }

    @Test
    void holdsNoPasswordAndNoSignalTwice() {
        JsonNode plant = written();
        assertThat(plant.at("/sinks/0/parameters/password/$secret").asText()).isEqualTo("plant-db.password");
        Set<String> signals = new HashSet<>();
        Set<String> areas = new HashSet<>();
        for (JsonNode adapter : plant.path("adapters")) {
            for (JsonNode point : adapter.path("points")) {
                String asset = point.path("asset").asText(adapter.path("asset").asText());
                assertThat(signals.add(asset + "/" + point.path("name").asText()))
                        .as(point.toString())
                        .isTrue();
                areas.add(point.path("area").asText("none"));
            }
        }
        assertThat(signals).hasSizeGreaterThan(40);
        assertThat(areas).containsExactlyInAnyOrder("holding", "input", "coil", "discrete", "none");
    }

    private JsonNode written() {
        Ports ports = CommandLine.populateCommand(new Ports(), "--plant-port=9", "--postgres-port=7");
        return PlantDescription.write(temporary.resolve("plant.json"), ports);
    }
}
