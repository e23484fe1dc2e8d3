package io.streamforge.routes.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The routes that a gateway with a control plane has beside its plan: one file each in {@code standing-routes/}. They need no supervision: a
 * {@code backbone:} consumer makes its own connections anew for as long as it is started.
 */
final class StandingRoutes {

    private static final String SUFFIX = ".camel.yaml";

    private final ModelCamelContext context;

    StandingRoutes(ModelCamelContext context) {
        this.context = context;
    }

    /** Starts those that have not been started. */
    void start() {
        try {
            ResourceFolders files = new ResourceFolders("standing-routes", Optional.empty());
            for (String path : files.endingWith(SUFFIX)) {
                PluginHelper.getRoutesLoader(context)
                        .updateRoutes(
                                ResourceHelper.fromString(path, files.text(path).orElseThrow()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The standing routes cannot be read.", e);
        } catch (Exception e) {
            throw new IllegalStateException("A standing route cannot start: " + Causes.sentence(e), e);
        }
    }
}
