package io.streamforge.controlplane.adapter;

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
import tools.jackson.databind.node.ObjectNode;

/** Checks an adapter against its connector. */
public final class AdapterCheck {

    private AdapterCheck() {}

    /** Everything that is wrong, with pointers into the definition. */
    public static List<FieldProblem> check(AdapterDefinition adapter, Catalogue catalogue) {
        Optional<Connector> found = catalogue.find(adapter.connector());
        if (found.isEmpty() || found.get().kind() != ConnectorKind.SOURCE) {
            return List.of(new FieldProblem(
                    "/connector",
                    "Unknown source connector '%s'. Known: %s."
                            .formatted(adapter.connector(), catalogue.known(ConnectorKind.SOURCE))));
        }
        Connector connector = found.get();
        List<FieldProblem> problems =
                new ArrayList<>(SchemaCheck.check(connector.schema(), adapter.parameters(), "/parameters"));
        ObjectNode pointSchema = connector.pointSchema();
        if (pointSchema == null) {
            if (!adapter.points().isEmpty()) {
                problems.add(new FieldProblem(
                        "/points", "points must be empty: connector '%s' has none.".formatted(adapter.connector())));
            }
            return problems;
        }
        if (adapter.points().isEmpty()) {
            problems.add(new FieldProblem("/points", "points must have at least one entry."));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < adapter.points().size(); i++) {
            ObjectNode point = adapter.points().get(i);
            problems.addAll(SchemaCheck.check(pointSchema, point, "/points/" + i));
            String name = point.path("name").asString("");
            String asset = asset(adapter, point);
            if (!name.isEmpty() && !names.add(asset + "/" + name)) {
                problems.add(new FieldProblem(
                        "/points/%d/name".formatted(i),
                        "name must be unique within asset '%s', got '%s' again.".formatted(asset, name)));
            }
        }
        return problems;
    }

    /** The asset a point belongs to. */
    public static String asset(AdapterDefinition adapter, ObjectNode point) {
        String own = point.path("asset").asString("");
        return own.isEmpty() ? adapter.asset() : own;
    }
}
