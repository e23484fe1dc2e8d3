package io.streamforge.controlplane.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The catalogue as it is shipped. */
class CatalogueTest {

    private final Catalogue catalogue = new Catalogue(JsonMapper.shared());

    @Test
    void readsTheShippedConnectorsAndTemplates() {
        Connector modbus = catalogue.find("modbus-tcp-source@1").orElseThrow();
        assertThat(modbus.kind()).isEqualTo(ConnectorKind.SOURCE);
        assertThat(modbus.testable()).isTrue();
        assertThat(modbus.browsable()).isFalse();
        assertThat(modbus.pointSchema()).isNotNull();
        assertThat(catalogue.known(ConnectorKind.SINK)).contains("timescaledb-sink@1");
        assertThat(List.of("adapter", "validate", "aggregate", "sink"))
                .allMatch(id -> catalogue.template(id).isPresent());
    }

    @Test
    void everyExampleSatisfiesItsOwnSchema() {
        for (Connector connector : catalogue.connectors()) {
            JsonNode example = java.util.Objects.requireNonNull(connector.example(), connector.id());
            assertThat(SchemaCheck.check(connector.schema(), example.path("properties"), ""))
                    .as(connector.id())
                    .isEmpty();
            if (connector.pointSchema() != null) {
                JsonNode points = connector.pointSchema();
                assertThat(StreamSupport.stream(example.path("points").spliterator(), false)
                                .flatMap(point -> SchemaCheck.check(points, point, "").stream()))
                        .as(connector.id())
                        .isEmpty();
            }
        }
        for (Template template : catalogue.templates()) {
            assertThat(SchemaCheck.check(template.parameters(), template.example(), ""))
                    .as(template.id())
                    .isEmpty();
        }
    }
}
