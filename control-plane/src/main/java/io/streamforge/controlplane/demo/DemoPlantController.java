package io.streamforge.controlplane.demo;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "plant")
class DemoPlantController {

    private final DemoPlant demoPlant;

    DemoPlantController(DemoPlant demoPlant) {
        this.demoPlant = demoPlant;
    }

    @PostMapping("/api/v1/demo-plant")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Create the demo plant's adapters, sink, rules and deployment and activate them on a gateway")
    DemoPlantLoaded loadDemoPlant(@Valid @RequestBody DemoPlantRequest request, User user) {
        return demoPlant.load(request.gatewayId(), user);
    }
}
