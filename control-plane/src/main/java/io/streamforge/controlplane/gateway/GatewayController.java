package io.streamforge.controlplane.gateway;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@RequestMapping("/api/v1/gateways")
@Tag(name = "gateways", description = "Gateways, their health and their command channel")
class GatewayController {

    private final Gateways gateways;
    private final Commands commands;

    GatewayController(Gateways gateways, Commands commands) {
        this.gateways = gateways;
        this.commands = commands;
    }

    @GetMapping
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "All gateways, by id")
    Page<Gateway> listGateways(
            @RequestParam(required = false) @Nullable GatewayStatus status,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return gateways.list(status, limit, cursor);
    }

    @GetMapping("/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One gateway with its routes")
    Gateway getGateway(@PathVariable String id) {
        return gateways.get(id);
    }

    @PostMapping("/{id}/approve")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Let a gateway in after comparing its fingerprint")
    Gateway approveGateway(@PathVariable String id, @Valid @RequestBody Approval approval, User user) {
        return gateways.approve(id, approval.fingerprint(), user);
    }

    @PostMapping("/{id}/revoke")
    @AllowedTo(Caller.ADMIN)
    @Operation(summary = "Refuse a gateway from now on; it runs on with its last plan")
    Gateway revokeGateway(@PathVariable String id, User user) {
        return gateways.revoke(id, user);
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Forget a gateway and its key; its name is free again")
    void deleteGateway(@PathVariable String id, User user) {
        gateways.delete(id, user);
    }

    @PostMapping("/{id}/routes/{routeId}/restart")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Restart one route and wait for the gateway's answer")
    CompletableFuture<CommandAnswer> restartRoute(@PathVariable String id, @PathVariable String routeId, User user) {
        return gateways.restartRoute(id, routeId, user);
    }

    @PostMapping("/{id}/replays")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Run a stage into a side topic, or a sink, once more over a part of the past")
    CompletableFuture<CommandAnswer> startReplay(
            @PathVariable String id, @Valid @RequestBody ReplayRequest request, User user) {
        return gateways.replay(id, request, user);
    }

    @PostMapping("/{id}/replays/{replayId}/cancel")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "End a replay before it is through; what it has written stays")
    CompletableFuture<CommandAnswer> cancelReplay(@PathVariable String id, @PathVariable String replayId, User user) {
        return gateways.cancelReplay(id, replayId, user);
    }

    @PostMapping("/{id}/heartbeat")
    @AllowedTo(Caller.GATEWAY)
    @Operation(summary = "A gateway says how it does")
    HeartbeatAnswer sendHeartbeat(
            @PathVariable String id, @Valid @RequestBody Heartbeat heartbeat, GatewayIdentity gateway) {
        return new HeartbeatAnswer(gateways.heartbeat(gateway.id(), heartbeat));
    }

    @GetMapping(path = "/{id}/commands", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @AllowedTo(Caller.GATEWAY)
    @Operation(summary = "The commands for a gateway: SSE events `command`, a comment every 15 s")
    @ApiResponse(
            responseCode = "200",
            description = "SSE; the data of an event `command` is a Command",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(implementation = Command.class)))
    SseEmitter streamCommands(@PathVariable String id, GatewayIdentity gateway) {
        return commands.open(gateway.id());
    }

    @PostMapping("/{id}/commands/{commandId}/answer")
    @AllowedTo(Caller.GATEWAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A gateway answers a command; a second answer is ignored")
    void answerCommand(
            @PathVariable String id,
            @PathVariable UUID commandId,
            @Valid @RequestBody CommandAnswer answer,
            GatewayIdentity gateway) {
        commands.answer(gateway.id(), commandId, answer);
    }
}
