package io.streamforge.controlplane.sink;

import io.streamforge.controlplane.catalogue.Catalogue;
import io.streamforge.controlplane.catalogue.Connector;
import io.streamforge.controlplane.catalogue.ConnectorKind;
import io.streamforge.controlplane.catalogue.SchemaCheck;
import io.streamforge.controlplane.web.FieldProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks a sink against its connector and the stream's topics. */
public final class SinkCheck {

    /** The topics a sink can deliver today. */
    private static final List<String> TOPICS = List.of(
            "telemetry.raw", "telemetry.clean", "telemetry.1s", "telemetry.1min", "telemetry.1hour", "events.clean");

    /** Windows of any length that a rule set may state. */
    private static final Pattern WINDOWS = Pattern.compile("telemetry\\.[1-9][0-9]{0,8}(ms|s|min|hour|day)");

    private SinkCheck() {}

    /** Everything that is wrong, with pointers into the definition. */
    public static List<FieldProblem> check(SinkDefinition sink, Catalogue catalogue) {
        List<FieldProblem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < sink.topics().size(); i++) {
            String topic = sink.topics().get(i);
            if (!TOPICS.contains(topic) && !WINDOWS.matcher(topic).matches()) {
                problems.add(new FieldProblem(
                        "/topics/" + i, "Unknown topic '%s'. Known: %s.".formatted(topic, String.join(", ", TOPICS))));
            } else if (!seen.add(topic)) {
                problems.add(new FieldProblem("/topics/" + i, "Topic '%s' is listed twice.".formatted(topic)));
            }
        }
        Optional<Connector> found = catalogue.find(sink.connector());
        if (found.isEmpty() || found.get().kind() != ConnectorKind.SINK) {
            problems.add(new FieldProblem(
                    "/connector",
                    "Unknown sink connector '%s'. Known: %s."
                            .formatted(sink.connector(), catalogue.known(ConnectorKind.SINK))));
        } else {
            problems.addAll(SchemaCheck.check(found.get().schema(), sink.parameters(), "/parameters"));
        }
        return problems;
    }
}
