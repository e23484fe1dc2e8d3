package io.streamforge.routes;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a gateway process was asked to start. Each option is {@code --name value}, or the environment's {@code STREAMFORGE_NAME}; the
 * command line wins.
 *
 * @param data folder of everything that outlives the process
 * @param bootstrap the stream's Kafka address, {@code host:port[,host:port…]}
 * @param registry the schema registry's address
 * @param name how operators know the gateway; its id is given by the control plane
 * @param controlPlane the control plane's address; empty for a gateway that runs on its cached plan alone
 * @param token the enrolment token, needed until the gateway is enrolled
 * @param plan a plan file to run instead of a control plane's
 * @param templates folder with integrators' own {@code route-templates/} and {@code kamelets/}
 * @param httpHost where health and metrics listen
 * @param httpPort their port, 0 for any free one
 * @param process this process's number among those that share the gateway's stages
 * @param endWithStdin whether the process ends when its standard input does
 */
public record GatewayOptions(
        Path data,
        String bootstrap,
        URI registry,
        String name,
        Optional<URI> controlPlane,
        Optional<String> token,
        Optional<Path> plan,
        Optional<Path> templates,
        String httpHost,
        int httpPort,
        String process,
        boolean endWithStdin) {

    static final String USAGE = """
            Usage: gateway --data DIR --bootstrap HOST:PORT --registry URL [options]
              --data DIR            everything that outlives the process
              --bootstrap LIST      the stream, HOST:PORT[,HOST:PORT...]
              --registry URL        the schema registry
              --control-plane URL   the control plane; https unless it is on this machine
              --token TOKEN         enrolment token, needed once; better given as STREAMFORGE_TOKEN
              --name NAME           how operators know this gateway (default: the host's name)
              --plan FILE           run this plan without a control plane; changes of the file are applied
              --templates DIR       your own route-templates/ and kamelets/
              --http-host HOST      where health and metrics listen (default 127.0.0.1)
              --http-port PORT      (default 8090; 0 = any free port)
              --process N           this process's number within the gateway (default 0); any other shares the stages, runs no
                                    adapters, and follows process 0: --plan DATA_OF_PROCESS_0/plan.json
              --end-with-stdin      end when standard input ends
            Each option can also be set by environment: STREAMFORGE_CONTROL_PLANE for --control-plane, and so on.
            """;

    private static final List<String> KNOWN = List.of(
            "data",
            "bootstrap",
            "registry",
            "control-plane",
            "token",
            "name",
            "plan",
            "templates",
            "http-host",
            "http-port",
            "process");
    private static final String END_WITH_STDIN = "end-with-stdin";

    /** The command line cannot be run; the message holds every problem, one per line. */
    static final class UsageException extends Exception {
        UsageException(List<String> problems) {
            super(String.join(System.lineSeparator(), problems));
        }
    }

    static GatewayOptions parse(List<String> arguments, Map<String, String> environment) throws UsageException {
        List<String> problems = new ArrayList<>();
        Map<String, String> given = new HashMap<>();
        for (String name : KNOWN) {
            String value = environment.get(variable(name));
            if (value != null && !value.isBlank()) {
                given.put(name, value);
            }
        }
        boolean endWithStdin = Boolean.parseBoolean(environment.get(variable(END_WITH_STDIN)));
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String name = argument.startsWith("--") ? argument.substring(2) : "";
            if (name.equals(END_WITH_STDIN)) {
                endWithStdin = true;
            } else if (!KNOWN.contains(name)) {
                problems.add("Unknown option '%s'. Known: --%s, --%s."
                        .formatted(argument, String.join(", --", KNOWN), END_WITH_STDIN));
            } else if (i + 1 == arguments.size()) {
                problems.add("Option --%s needs a value.".formatted(name));
            } else {
                given.put(name, arguments.get(++i));
            }
        }
        for (String name : List.of("data", "bootstrap", "registry")) {
            if (!given.containsKey(name)) {
                problems.add("Option --%s (or %s) is required.".formatted(name, variable(name)));
            }
        }
        Optional<URI> controlPlane = address(given, "control-plane", problems);
        controlPlane
                .filter(uri -> "http".equals(uri.getScheme()) && !loopback(uri.getHost()))
                .ifPresent(uri -> problems.add(
                        "Option --control-plane must use https unless the control plane is on this machine, got '%s'. Give its https address."
                                .formatted(uri)));
        Optional<URI> registry = address(given, "registry", problems);
        int httpPort = port(given.getOrDefault("http-port", "8090"), problems);
        if (given.containsKey("plan") && controlPlane.isPresent()) {
            problems.add("Options --plan and --control-plane exclude each other: give the one that says what to run.");
        }
        String process = given.getOrDefault("process", "0");
        if (!process.matches("\\d{1,4}")) {
            problems.add("Option --process must be a number from 0 to 9999, got '%s'.".formatted(process));
        } else if (Integer.parseInt(process) > 0 && !given.containsKey("plan")) {
            problems.add(
                    "Option --process %s needs --plan: process 0 alone speaks with the control plane and keeps the plan that runs in its data folder; give --plan <that folder>/plan.json."
                            .formatted(process));
        }
        String name = given.getOrDefault("name", hostName());
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            problems.add("Option --name must be 1 to 63 letters, digits, '.', '_' or '-', got '%s'.".formatted(name));
        }
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return new GatewayOptions(
                Path.of(given.getOrDefault("data", "")).toAbsolutePath(),
                given.getOrDefault("bootstrap", ""),
                registry.orElseThrow(),
                name,
                controlPlane,
                Optional.ofNullable(given.get("token")),
                Optional.ofNullable(given.get("plan")).map(Path::of),
                Optional.ofNullable(given.get("templates")).map(Path::of),
                given.getOrDefault("http-host", "127.0.0.1"),
                httpPort,
                process.replaceFirst("^0+(?=.)", ""),
                endWithStdin);
    }

    private static String variable(String option) {
        return "STREAMFORGE_" + option.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static Optional<URI> address(Map<String, String> given, String option, List<String> problems) {
        String value = given.get(option);
        if (value == null) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // falls through to the one message that helps
        }
        problems.add("Option --%s must be an http or https address, got '%s'.".formatted(option, value));
        return Optional.empty();
    }

    private static int port(String value, List<String> problems) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message that helps
        }
        problems.add("Option --http-port must be a port from 0 to 65535, got '%s'.".formatted(value));
        return 0;
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "gateway";
        }
    }
}
