package io.streamforge.controlplane.plant;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.auth.Users;
import io.streamforge.controlplane.demo.DemoPlant;
import io.streamforge.controlplane.web.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "plant", description = "First run and the plant's settings")
class PlantController {

    private final Plants plants;
    private final Users users;
    private final DemoPlant demoPlant;

    PlantController(Plants plants, Users users, DemoPlant demoPlant) {
        this.plants = plants;
        this.users = users;
        this.demoPlant = demoPlant;
    }

    @GetMapping("/setup")
    @AllowedTo(Caller.ANYONE)
    @Operation(summary = "What the console needs to know before log-in")
    Setup getSetup() {
        Plant plant = plants.get();
        return new Setup(users.exist(), plant.name(), plant.timeZone(), demoPlant.available());
    }

    @GetMapping("/plant")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "The plant's settings")
    ResponseEntity<Plant> getPlant() {
        return answer(plants.get());
    }

    @PutMapping("/plant")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Name the plant and its time zone")
    ResponseEntity<Plant> updatePlant(
            @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch, @Valid @RequestBody PlantNaming naming, User user) {
        return answer(plants.name(naming, ifMatch, user));
    }

    private static ResponseEntity<Plant> answer(Plant plant) {
        return ResponseEntity.ok().eTag(new Version(plant.version()).etag()).body(plant);
    }
}
