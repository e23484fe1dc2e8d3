package io.streamforge.controlplane.methods;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/methods")
@Tag(name = "methods", description = "What devices can be asked to do")
class MethodController {

    private final Methods methods;
    private final MethodCalls calls;

    MethodController(Methods methods, MethodCalls calls) {
        this.methods = methods;
        this.calls = calls;
    }

    @GetMapping
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "The methods of the active revisions, by gateway, asset and name")
    Page<Method> listMethods(
            @RequestParam(required = false) @Nullable String gateway,
            @RequestParam(required = false) @Nullable String adapter,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return methods.list(gateway, adapter, limit, cursor);
    }

    @PostMapping("/call")
    @AllowedTo(Caller.ENGINEER)
    @Operation(
            summary = "Have a gateway call one method of a device",
            description =
                    "200 only if the device said that it has carried it out. 409 `call-refused`: nothing was called. 502 `call-failed`: the device refused, or did not answer; then it may have done it nevertheless. 504: the gateway did not answer in time; the audit will say what became of it.")
    CompletableFuture<MethodCalled> callMethod(@Valid @RequestBody MethodCall call, User user) {
        return calls.call(call, user);
    }
}
