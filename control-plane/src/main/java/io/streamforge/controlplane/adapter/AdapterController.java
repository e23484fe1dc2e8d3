package io.streamforge.controlplane.adapter;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.RouteRun;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.Validity;
import io.streamforge.controlplane.web.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/adapters")
@Tag(name = "adapters", description = "Configured sources")
class AdapterController {

    private final Adapters adapters;

    AdapterController(Adapters adapters) {
        this.adapters = adapters;
    }

    @GetMapping
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Adapters, by id")
    Page<Adapter> listAdapters(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return adapters.list(q, limit, cursor);
    }

    @GetMapping("/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One adapter")
    ResponseEntity<Adapter> getAdapter(@PathVariable String id) {
        return answer(HttpStatus.OK, adapters.get(id));
    }

    @GetMapping("/{id}/runs")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Where an adapter runs, with what it counted: polls, points, errors, load on its device")
    Page<RouteRun> listAdapterRuns(@PathVariable String id) {
        return adapters.runs(id);
    }

    @PostMapping
    @AllowedTo(Caller.ENGINEER)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create an adapter; nothing runs until a deployment with it is activated")
    ResponseEntity<Adapter> createAdapter(@Valid @RequestBody AdapterDefinition definition, User user) {
        return answer(HttpStatus.CREATED, adapters.create(definition, user));
    }

    @PutMapping("/{id}")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Replace an adapter; what runs stays until a deployment is activated")
    ResponseEntity<Adapter> updateAdapter(
            @PathVariable String id,
            @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch,
            @Valid @RequestBody AdapterDefinition definition,
            User user) {
        return answer(HttpStatus.OK, adapters.update(id, definition, ifMatch, user));
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete an adapter that no deployment uses")
    void deleteAdapter(@PathVariable String id, @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch, User user) {
        adapters.delete(id, ifMatch, user);
    }

    @PostMapping("/validate")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Check an adapter against its connector without saving it")
    Validity validateAdapter(@RequestBody AdapterDefinition definition) {
        return Validity.of(adapters.check(definition));
    }

    @PostMapping("/test")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Have a gateway connect once and read every point once; the result is a ConnectionResult")
    CompletableFuture<CommandAnswer> testAdapter(@Valid @RequestBody ConnectionTest test, User user) {
        return adapters.test(test.gatewayId(), test.adapter(), user);
    }

    @PostMapping("/browse")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Have a gateway list what is below a node of a device; the result is a BrowsedPage")
    CompletableFuture<CommandAnswer> browseDevice(@Valid @RequestBody BrowseRequest request, User user) {
        return adapters.browse(request, user);
    }

    private static ResponseEntity<Adapter> answer(HttpStatus status, Adapter adapter) {
        return ResponseEntity.status(status)
                .eTag(new Version(adapter.version()).etag())
                .body(adapter);
    }
}
