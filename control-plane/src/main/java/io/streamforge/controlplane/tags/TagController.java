package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
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
@RequestMapping("/api/v1")
@io.swagger.v3.oas.annotations.tags.Tag(name = "tags", description = "Values, live and past")
class TagController {

    private final Tags tags;
    private final LiveTags live;
    private final TagHistory history;
    private final TagWrites writes;

    TagController(Tags tags, LiveTags live, TagHistory history, TagWrites writes) {
        this.tags = tags;
        this.live = live;
        this.history = history;
        this.writes = writes;
    }

    @GetMapping("/tags")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "The tags of the active revisions, by gateway, asset and parameter")
    Page<Tag> listTags(
            @RequestParam(required = false) @Nullable String gateway,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return tags.list(gateway, q, limit, cursor);
    }

    @GetMapping(path = "/tags/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @AllowedTo(Caller.VIEWER)
    @Operation(
            summary = "Live values of some tags of one gateway",
            description =
                    "SSE: the data of an event `values` is an array of TagValue, of an event `state` a LiveState.")
    @ApiResponse(
            responseCode = "200",
            description = "SSE events `values` and `state`",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema = @Schema(oneOf = {TagValue[].class, LiveState.class})))
    SseEmitter streamTags(
            @RequestParam String gateway, @RequestParam("tag") @Size(min = 1, max = 500) List<String> tag) {
        return live.watch(gateway, tag);
    }

    @GetMapping("/tags/history")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "A tag's past, read from the gateway's stream through its command channel")
    CompletableFuture<History> getTagHistory(
            @RequestParam String gateway,
            @RequestParam String asset,
            @RequestParam String parameter,
            @RequestParam Instant from,
            @RequestParam Instant to,
            @RequestParam(defaultValue = "1000") @Min(2) @Max(10_000) int maxPoints) {
        return history.read(gateway, asset, parameter, from, to, maxPoints);
    }

    @PostMapping("/tags/write")
    @AllowedTo(Caller.ENGINEER)
    @Operation(
            summary = "Have a gateway write one value to a device and read it back",
            description =
                    "200 only if the device was read back with what was written. 409 `write-refused`: nothing was written. 502 `write-failed`: the device did not acknowledge, or shows another value. 504: the gateway did not answer in time; the audit will say what became of it.")
    CompletableFuture<TagWritten> writeTag(@Valid @RequestBody TagWrite write, User user) {
        return writes.write(write, user);
    }

    @PostMapping("/gateways/{id}/tags")
    @AllowedTo(Caller.GATEWAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A gateway posts the values it was asked to watch")
    void postTagValues(@PathVariable String id, @Valid @RequestBody TagValues values, GatewayIdentity gateway) {
        live.publish(gateway.id(), values);
    }
}
