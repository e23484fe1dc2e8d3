package io.streamforge.controlplane.sink;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.Validity;
import io.streamforge.controlplane.web.Version;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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
@RequestMapping("/api/v1/sinks")
@Tag(name = "sinks", description = "Configured destinations")
class SinkController {

    private final Sinks sinks;

    SinkController(Sinks sinks) {
        this.sinks = sinks;
    }

    @GetMapping
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Sinks, by id")
    Page<Sink> listSinks(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return sinks.list(q, limit, cursor);
    }

    @GetMapping("/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One sink")
    ResponseEntity<Sink> getSink(@PathVariable String id) {
        return answer(HttpStatus.OK, sinks.get(id));
    }

    @PostMapping
    @AllowedTo(Caller.ENGINEER)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a sink; nothing runs until a deployment with it is activated")
    ResponseEntity<Sink> createSink(@Valid @RequestBody SinkDefinition definition, User user) {
        return answer(HttpStatus.CREATED, sinks.create(definition, user));
    }

    @PutMapping("/{id}")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Replace a sink; what runs stays until a deployment is activated")
    ResponseEntity<Sink> updateSink(
            @PathVariable String id,
            @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch,
            @Valid @RequestBody SinkDefinition definition,
            User user) {
        return answer(HttpStatus.OK, sinks.update(id, definition, ifMatch, user));
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a sink that no deployment uses")
    void deleteSink(@PathVariable String id, @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch, User user) {
        sinks.delete(id, ifMatch, user);
    }

    @PostMapping("/validate")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Validity a sink against its connector without saving it")
    Validity validateSink(@RequestBody SinkDefinition definition) {
        return Validity.of(sinks.check(definition));
    }

    private static ResponseEntity<Sink> answer(HttpStatus status, Sink sink) {
        return ResponseEntity.status(status)
                .eTag(new Version(sink.version()).etag())
                .body(sink);
    }
}
