package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(ports).containsExactly(15020, 15021, 15022);
        assertThat(plant.at("/sinks/0/parameters/jdbcUrl").asText()).isEqualTo("jdbc:postgresql://127.0.0.1:7/plant");
        assertThat(Files.readString(temporary.resolve("plant.json"))).contains("jdbc:postgresql://127.0.0.1:7/plant");
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
                areas.add(point.path("area").asText());
            }
        }
        assertThat(signals).hasSizeGreaterThan(40);
        assertThat(areas).containsExactlyInAnyOrder("holding", "input", "coil", "discrete");
    }

    private JsonNode written() {
        return PlantDescription.write(
                temporary.resolve("plant.json"), new Ports(), "jdbc:postgresql://127.0.0.1:7/plant");
    }
}
