package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The committed document is the running API. After a change of the API, write it anew:
 *
 * <pre>mvn -B -f control-plane/pom.xml verify -Dit.test=OpenApiIT -Dsurefire.failIfNoSpecifiedTests=false -Dopenapi.write=true</pre>
 */
class OpenApiIT {

    private static final Path COMMITTED = Path.of("openapi.json");

    @Test
    void committedDocumentIsTheRunningApi() throws IOException {
        JsonNode running =
                Api.of(Server.shared()).get("/api/v1/openapi.json").ok().body();
        String text = Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(running) + "\n";
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, text);
        }
        assertThat(text)
                .as("openapi.json is out of date; the command to write it stands at this test")
                .isEqualTo(Files.readString(COMMITTED));
    }

    @Test
    void everyOperationHasAUniqueNameACallerAndAProblem() {
        JsonNode api = Api.of(Server.shared()).get("/api/v1/openapi.json").ok().body();
        List<String> names = new ArrayList<>();
        api.get("paths")
                .forEach(path -> path.forEach(operation -> {
                    names.add(operation.get("operationId").asString());
                    assertThat(operation.has("x-allowed-to")).isTrue();
                    assertThat(operation.at("/responses/default/$ref").asString())
                            .isEqualTo("#/components/responses/Problem");
                }));
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z][A-Za-z]+"));
        assertThat(api.get("openapi").asString()).startsWith("3.1");
    }
}
