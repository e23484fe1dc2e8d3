package io.streamforge.demo;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which a command reaches a control plane: the running demo's, or one that is named. */
final class Login {

    private static final String PASSWORD = "STREAMFORGE_PASSWORD";

    @Option(
            names = "--control-plane",
            paramLabel = "URL",
            description = "The control plane (default: the running demo's).")
    private @Nullable String url;

    @Option(
            names = "--user",
            description = "Who asks (default: admin); the password is read from STREAMFORGE_PASSWORD.")
    private String user = "admin";

    @Mixin
    private Demo.Location demo = new Demo.Location();

    /** A session of that user. */
    ControlPlaneApi open() {
        String address = url;
        String password = System.getenv(PASSWORD);
        if (address == null) {
            DataFolder folder = demo.folder();
            Optional<DemoState> state = folder.locked() ? DemoState.read(folder) : Optional.empty();
            address = state.map(DemoState::url)
                    .orElseThrow(() -> new DemoException(
                            "No demo is running here: name the control plane with --control-plane URL."));
            password = password == null ? Secrets.keptIn(folder).admin() : password;
        }
        if (password == null) {
            throw new DemoException("The password of user '%s' must be given in %s.".formatted(user, PASSWORD));
        }
        ControlPlaneApi api = new ControlPlaneApi(address);
        api.use(api.post("/auth/login", Map.of("username", user, "password", password, "delivery", "TOKEN")));
        return api;
    }
}
