package io.streamforge.controlplane.catalogue;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/catalogue")
@Tag(name = "catalogue", description = "What can be configured")
class CatalogueController {

    private final Catalogue catalogue;

    CatalogueController(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @GetMapping("/connectors")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "All connectors")
    Page<Connector> listConnectors(@RequestParam(required = false) @Nullable ConnectorKind kind) {
        return new Page<>(
                catalogue.connectors().stream()
                        .filter(c -> kind == null || c.kind() == kind)
                        .toList(),
                null);
    }

    @GetMapping("/connectors/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One connector by its id, or id@version")
    Connector getConnector(@PathVariable String id) {
        return catalogue.connector(id);
    }

    @GetMapping("/templates")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "All route templates")
    Page<Template> listTemplates() {
        return new Page<>(catalogue.templates(), null);
    }
}
