package io.streamforge.controlplane.overview;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "overview", description = "Everything at a glance")
class OverviewController {

    private final Overviews overviews;

    OverviewController(Overviews overviews) {
        this.overviews = overviews;
    }

    @GetMapping("/api/v1/overview")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "All gateways with their flow, the worst first")
    Overview getOverview() {
        return overviews.now();
    }
}
