package io.streamforge.controlplane.plant;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.time.ZoneId;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The plant's settings. */
@Service
class Plants {

    private final JdbcClient jdbc;
    private final AuditLog audit;

    Plants(JdbcClient jdbc, AuditLog audit) {
        this.jdbc = jdbc;
        this.audit = audit;
    }

    Plant get() {
        return jdbc.sql("select name, time_zone, version from plant")
                .query((row, number) ->
                        new Plant(row.getString("name"), row.getString("time_zone"), row.getLong("version")))
                .single();
    }

    @Transactional
    public Plant name(PlantNaming naming, Version seen, User user) {
        if (!naming.timeZone().equals("UTC") && !ZoneId.getAvailableZoneIds().contains(naming.timeZone())) {
            String message =
                    "timeZone must be an IANA name such as Europe/Berlin, got '%s'.".formatted(naming.timeZone());
            throw ProblemException.invalid(message, List.of(new FieldProblem("/timeZone", message)));
        }
        int rows = jdbc.sql(
                        "update plant set name = :name, time_zone = :zone, version = version + 1 where version = :seen")
                .param("name", naming.name())
                .param("zone", naming.timeZone())
                .param("seen", seen.number())
                .update();
        Plant now = get();
        if (rows == 0) {
            throw ProblemException.stale("Plant", String.valueOf(now.name()), now.version(), seen);
        }
        audit.record(user, "plant.update", naming.name(), naming);
        return now;
    }
}
