package io.streamforge.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was typed.
 *
 * @param detached whether the process outlives its standard input
 */
record CommandLine(BrokerOptions broker, boolean detached) {

    static final String USAGE = """
            Usage: broker --data DIR [options]
              --data DIR               where everything is kept; made if missing
              --port N                 Kafka protocol, default 19092 (0: a free port, for all three)
              --controller-port N      KRaft controller, default 19093
              --registry-port N        schema registry and health, default 18081
              --fsync                  write every batch to the disk before it is acknowledged
              --detached               go on when standard input closes""";

    private static final List<String> WITH_VALUE = List.of("--data", "--port", "--controller-port", "--registry-port");
    private static final List<String> SWITCHES = List.of("--fsync", "--detached");

    /** All that is wrong with a command line, one sentence each. */
    static final class UsageException extends RuntimeException {
        UsageException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    /** @throws UsageException if anything is unknown, missing or out of range */
    static CommandLine parse(String... arguments) {
        Map<String, String> values = new java.util.HashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (SWITCHES.contains(option)) {
                values.put(option, "true");
            } else if (!WITH_VALUE.contains(option)) {
                problems.add("Unknown option '%s'. Known: %s, %s."
                        .formatted(option, String.join(", ", WITH_VALUE), String.join(", ", SWITCHES)));
            } else if (i + 1 == arguments.length || arguments[i + 1].startsWith("--")) {
                problems.add("%s must be followed by its value.".formatted(option));
            } else {
                values.put(option, arguments[++i]);
            }
        }
        String data = values.get("--data");
        if (data == null) {
            problems.add("--data must name the directory that keeps the stream.");
        }
        int port = port(values, "--port", 19092, problems);
        int controllerPort = port(values, "--controller-port", 19093, problems);
        int registryPort = port(values, "--registry-port", 18081, problems);
        if (data == null || !problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return new CommandLine(
                new BrokerOptions(Path.of(data), port, controllerPort, registryPort, values.containsKey("--fsync")),
                values.containsKey("--detached"));
    }

    private static int port(Map<String, String> values, String option, int standard, List<String> problems) {
        @Nullable String value = values.get(option);
        if (value == null) {
            return standard;
        }
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below, with what was typed.
        }
        problems.add("%s must be a number from 0 to 65535, got '%s'.".formatted(option, value));
        return standard;
    }
}
