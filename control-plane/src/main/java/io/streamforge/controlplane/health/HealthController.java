package io.streamforge.controlplane.health;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/health")
@Tag(name = "health", description = "200 when it is well, 503 when not")
class HealthController {

    private final Database database;

    HealthController(Database database) {
        this.database = database;
    }

    @GetMapping("/live")
    @AllowedTo(Caller.ANYONE)
    @Operation(summary = "The process is alive")
    Health getLiveness() {
        return new Health(Health.HealthState.UP, List.of());
    }

    @GetMapping("/ready")
    @AllowedTo(Caller.ANYONE)
    @Operation(summary = "The process can do its work")
    ResponseEntity<Health> getReadiness() {
        return answer();
    }

    @GetMapping
    @AllowedTo(Caller.ANYONE)
    @Operation(summary = "Everything this process needs, one by one")
    ResponseEntity<Health> getHealth() {
        return answer();
    }

    private ResponseEntity<Health> answer() {
        Health.Check check = database.check();
        return ResponseEntity.status(check.status() == Health.HealthState.UP ? 200 : 503)
                .body(new Health(check.status(), List.of(check)));
    }
}
