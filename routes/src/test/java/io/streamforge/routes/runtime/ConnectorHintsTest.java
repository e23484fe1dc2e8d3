package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.ConnectionTester;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The console offers what a connector's Kamelet hints at; the gateway answers it. */
class ConnectorHintsTest {

    private static final Path KAMELETS = Path.of("..", "kamelets", "src", "main", "resources", "kamelets");
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void whatIsOfferedToBeTestedIs() throws Exception {
        assertThat(hinted("streamforge.io/testable"))
                .isEqualTo(provided(ConnectionTester.class, ConnectionTester::connector));
    }

    @Test
    void whatIsOfferedToBeBrowsedIs() throws Exception {
        assertThat(hinted("streamforge.io/browsable")).isEqualTo(provided(Browser.class, Browser::connector));
    }

    private static <S> Set<String> provided(Class<S> service, Function<S, String> connector) {
        return ServiceLoader.load(service).stream()
                .map(provider -> connector.apply(provider.get()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> hinted(String annotation) throws IOException {
        Set<String> connectors = new TreeSet<>();
        try (DirectoryStream<Path> kamelets = Files.newDirectoryStream(KAMELETS, "*.kamelet.yaml")) {
            for (Path file : kamelets) {
                JsonNode metadata = YAML.readTree(Files.readString(file)).path("metadata");
                if (metadata.path("annotations").path(annotation).asText().equals("true")) {
                    connectors.add(metadata.path("name").asText());
                }
            }
        }
        return connectors;
    }
}
