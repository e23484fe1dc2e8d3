package io.streamforge.controlplane.methods;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.CommandOutcome;
import io.streamforge.controlplane.gateway.CommandType;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has gateways call methods. What a row allows is the gateway's to guard, which has the device before it; here is decided who may ask, and kept who asked
 * and what came of it: the answer is entered when it comes, whether or not anybody still waits for it.
 */
@Service
class MethodCalls {

    /** After which the gateway must not call any more. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Methods methods;
    private final Commands commands;
    private final AuditLog audit;
    private final JsonMapper json;

    MethodCalls(Methods methods, Commands commands, AuditLog audit, JsonMapper json) {
        this.methods = methods;
        this.commands = commands;
        this.audit = audit;
        this.json = json;
        commands.onAnswer(CommandType.CALL_METHOD, this::answered);
    }

    CompletableFuture<MethodCalled> call(MethodCall asked, User user) {
        requirePlain(asked.arguments());
        Method method = methods.find(asked.gatewayId(), asked.assetId(), asked.method())
                .orElseThrow(() -> ProblemException.notFound("method", asked.name()));
        if (method.rule() == null) {
            throw ProblemException.conflict(
                    "not-callable",
                    "Method '%s' may not be called: its row in adapter '%s' does not say writable, or did not when the deployment was activated."
                            .formatted(asked.name(), method.adapterId()));
        }
        UUID callId = UUID.randomUUID();
        Arguments.CallMethod order = new Arguments.CallMethod(
                callId, method.adapterId(), asked.assetId(), asked.method(), asked.arguments(), user.username());
        audit.record(user, "method.call", asked.name(), Map.of("callId", callId, "arguments", asked.arguments()));
        return commands.ask(asked.gatewayId(), order, LIMIT).thenApply(answer -> result(asked, answer));
    }

    private static void requirePlain(Map<String, JsonNode> arguments) {
        List<FieldProblem> problems = new ArrayList<>();
        arguments.forEach((name, value) -> {
            if (value.isArray() ? !value.valueStream().allMatch(MethodCalls::plain) : !plain(value)) {
                problems.add(new FieldProblem(
                        "/arguments/" + name.replace("~", "~0").replace("/", "~1"),
                        "must be a number, true or false, a text, or an array of these"));
            }
        });
        if (!problems.isEmpty()) {
            throw ProblemException.invalid("Arguments are not as they must be.", problems);
        }
    }

    private static boolean plain(JsonNode value) {
        return value.isNumber() || value.isBoolean() || value.isString();
    }

    private MethodCalled result(MethodCall asked, CommandAnswer answer) {
        if (answer.status() == CommandOutcome.FAILED) {
            boolean reachedTheDevice =
                    answer.result() != null && answer.result().isObject();
            throw new ProblemException(
                    reachedTheDevice ? HttpStatus.BAD_GATEWAY : HttpStatus.CONFLICT,
                    reachedTheDevice ? "call-failed" : "call-refused",
                    String.valueOf(answer.error()));
        }
        try {
            return json.treeToValue(answer.result(), MethodCalled.class);
        } catch (JacksonException e) {
            throw new ProblemException(
                    HttpStatus.BAD_GATEWAY,
                    "gateway-failed",
                    "Gateway '%s' called method '%s', but its answer cannot be read: %s"
                            .formatted(asked.gatewayId(), asked.name(), e.getOriginalMessage()));
        }
    }

    private void answered(String gatewayId, JsonNode arguments, CommandAnswer answer) {
        Arguments.CallMethod order = json.treeToValue(arguments, Arguments.CallMethod.class);
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("callId", order.callId());
        detail.put("arguments", order.arguments());
        JsonNode result = answer.result();
        if (result != null && result.isObject()) {
            detail.put("outputs", result.get("outputs"));
        }
        if (answer.error() != null) {
            detail.put("error", answer.error());
        }
        audit.record(
                order.by(),
                answer.status() == CommandOutcome.OK ? "method.called" : "method.call-failed",
                gatewayId + "/" + order.assetId() + "/" + order.method(),
                detail);
    }
}
