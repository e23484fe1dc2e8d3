package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {

    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{}}";

    private final Path folder;

    LibraryTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aBrokenFileCostsOnlyItsOwnTemplates() throws Exception {
        template("broken", "- routeTemplate:\n    id: broken@1\n    fro: timer:x\n");
        template("unnamed", simple("unnamed", "probe:x", "- to: probe:y"));
        template("good", simple("good@1", "probe:x", "- to: probe:y"));

        Library library = load();

        assertThat(library.template("good@1")).isNotNull();
        assertThat(library.broken())
                .containsOnlyKeys(
                        "route-templates/broken/broken.camel.yaml", "route-templates/unnamed/unnamed.camel.yaml");
        assertThat(library.unknownTemplate("broken@1"))
                .startsWith("Template 'broken@1' could not be loaded from route-templates/broken/broken.camel.yaml: ");
        assertThat(library.broken().get("route-templates/unnamed/unnamed.camel.yaml"))
                .isEqualTo("a template's id must be <name>@<number>, got 'unnamed'.");
    }

    @Test
    void refusesStreamRoutesThatGoOnInAnotherThread() throws Exception {
        template(
                "hop",
                simple(
                        "hop@1",
                        "backbone:telemetry.raw",
                        "- wireTap:\n            uri: probe:y\n        - to: seda:y"));

        assertThat(load().broken().get("route-templates/hop/hop.camel.yaml"))
                .startsWith("template 'hop@1' reads backbone: and uses seda, wireTap, which goes on in another thread");
    }

    @Test
    void refusesATemplateWithoutASchema() throws Exception {
        TestEngine.write(folder, "route-templates/bare/bare.camel.yaml", simple("bare@1", "probe:x", "- to: probe:y"));

        assertThat(load().broken().get("route-templates/bare/bare.camel.yaml"))
                .isEqualTo("there is no parameters.schema.json beside it.");
    }

    @Test
    void loadsEveryTemplateAndConnectorOfTheDistribution() throws Exception {
        Library library = load();

        assertThat(library.broken()).isEmpty();
        assertThat(library.template("adapter@1")).isNotNull();
        assertThat(library.connector("modbus-tcp-source", "1").id()).isEqualTo("modbus-tcp-source");
    }

    private Library load() throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.addComponent("probe", new ProbeComponent());
        context.start();
        return new Library(context, Optional.of(folder));
    }

    private void template(String name, String yaml) throws Exception {
        TestEngine.write(folder, "route-templates/%s/%s.camel.yaml".formatted(name, name), yaml);
        TestEngine.write(folder, "route-templates/%s/parameters.schema.json".formatted(name), SCHEMA);
    }

    private static String simple(String id, String from, String steps) {
        return "- routeTemplate:\n    id: %s\n    from:\n      uri: %s\n      steps:\n        %s\n"
                .formatted(id, from, steps);
    }
}
