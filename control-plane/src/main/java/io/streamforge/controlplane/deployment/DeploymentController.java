package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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
import org.springframework.web.context.request.WebRequest;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "deployments", description = "Drafts, revisions and the plans gateways pull")
class DeploymentController {

    private final Deployments deployments;

    DeploymentController(Deployments deployments) {
        this.deployments = deployments;
    }

    @GetMapping("/deployments")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Deployments, by id")
    Page<Deployment> listDeployments(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return deployments.list(q, limit, cursor);
    }

    @GetMapping("/deployments/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One deployment")
    ResponseEntity<Deployment> getDeployment(@PathVariable String id) {
        return answer(HttpStatus.OK, deployments.get(id));
    }

    @PostMapping("/deployments")
    @AllowedTo(Caller.ENGINEER)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Draft a deployment")
    ResponseEntity<Deployment> createDeployment(@Valid @RequestBody DeploymentDefinition definition, User user) {
        return answer(HttpStatus.CREATED, deployments.create(definition, user));
    }

    @PutMapping("/deployments/{id}")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Replace the draft; what runs stays until it is activated")
    ResponseEntity<Deployment> updateDeployment(
            @PathVariable String id,
            @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch,
            @Valid @RequestBody DeploymentDefinition definition,
            User user) {
        return answer(HttpStatus.OK, deployments.update(id, definition, ifMatch, user));
    }

    @PostMapping("/deployments/{id}/preflight")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Compile the draft and say everything that is wrong with it")
    Preflight preflightDeployment(@PathVariable String id) {
        return deployments.preflight(id);
    }

    @GetMapping("/deployments/{id}/diff")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "What activating the draft would change, by route and field")
    Diff diffDeployment(
            @PathVariable String id,
            @RequestParam(defaultValue = "running")
                    @Pattern(
                            regexp = "^(running|[1-9][0-9]{0,8})$",
                            message = "must be 'running' or a revision's number")
                    String against) {
        return deployments.diff(id, against);
    }

    @PostMapping("/deployments/{id}/activate")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Freeze the draft into a new revision and have the gateway run it")
    Revision activateDeployment(
            @PathVariable String id, @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch, User user) {
        return deployments.activate(id, ifMatch, user);
    }

    @GetMapping("/deployments/{id}/revisions")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Revisions, the latest first")
    Page<Revision> listRevisions(
            @PathVariable String id,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return deployments.revisions(id, limit, cursor);
    }

    @GetMapping("/deployments/{id}/revisions/{number}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One revision with its snapshot and plan")
    RevisionDetail getRevision(@PathVariable String id, @PathVariable int number) {
        return deployments.revision(id, number);
    }

    @PostMapping("/deployments/{id}/revisions/{number}/activate")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Roll back, or forward, to a revision; its content and number stay")
    Revision activateRevision(@PathVariable String id, @PathVariable int number, User user) {
        return deployments.activateRevision(id, number, user);
    }

    @GetMapping("/gateways/{id}/plan")
    @AllowedTo(Caller.GATEWAY)
    @Operation(summary = "The plan a gateway is to run, with its hash and revision as ETag")
    @ApiResponse(responseCode = "200", description = "The plan")
    @ApiResponse(
            responseCode = "304",
            description = "Unchanged since the ETag in If-None-Match",
            content = @Content(schema = @Schema(hidden = true)))
    @Nullable
    ResponseEntity<RoutePlan> getPlan(@PathVariable String id, GatewayIdentity gateway, WebRequest request) {
        RoutePlan plan = deployments.plan(gateway.id());
        String etag = "\"" + plan.revision() + "-" + plan.hash() + "\"";
        if (request.checkNotModified(etag)) {
            return null;
        }
        return ResponseEntity.ok().eTag(etag).body(plan);
    }

    private static ResponseEntity<Deployment> answer(HttpStatus status, Deployment deployment) {
        return ResponseEntity.status(status)
                .eTag(new Version(deployment.version()).etag())
                .body(deployment);
    }
}
