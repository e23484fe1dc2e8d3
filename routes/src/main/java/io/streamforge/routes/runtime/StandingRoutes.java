package io.streamforge.routes.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The routes that a gateway with a control plane has beside its plan: one file each in {@code standing-routes/}. They need no restart: a
 * {@code backbone:} consumer makes its own connections anew for as long as it is started. What holds one up is a notice.
 */
public final class StandingRoutes {

    private static final String SUFFIX = ".camel.yaml";

    private final ModelCamelContext context;
    private final Notices notices;
    private final Set<String> ids = new TreeSet<>();
    private boolean started;

    StandingRoutes(ModelCamelContext context, Notices notices) {
        this.context = context;
        this.notices = notices;
    }

    /** Starts them; those that run are started anew. */
    private void start() {
        try {
            ResourceFolders files = new ResourceFolders("standing-routes", Optional.empty());
            for (String path : files.endingWith(SUFFIX)) {
                ids.addAll(PluginHelper.getRoutesLoader(context)
                        .updateRoutes(
                                ResourceHelper.fromString(path, files.text(path).orElseThrow())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The standing routes cannot be read.", e);
        } catch (Exception e) {
            throw new IllegalStateException("A standing route cannot start: " + Causes.sentence(e), e);
        }
    }

    /** Starts them if they are not started yet, and says what holds them up, or that nothing does any more. For when the stream is prepared. */
    public void supervise() {
        if (!started) {
            try {
                start();
                started = true;
            } catch (RuntimeException e) {
                notices.raise(Notices.Subject.STANDING_ROUTES, "They cannot start: " + Causes.sentence(e));
                return;
            }
        }
        List<String> faults = new ArrayList<>();
        for (String id : ids) {
            Route route = context.getRoute(id);
            String fault = route == null
                    ? "it is stopped"
                    : RouteFacts.of(List.of(route)).fault();
            if (fault != null) {
                faults.add(id + ": " + fault);
            }
        }
        if (faults.isEmpty()) {
            notices.clear(Notices.Subject.STANDING_ROUTES);
        } else {
            notices.raise(Notices.Subject.STANDING_ROUTES, String.join(" ", faults));
        }
    }
}
