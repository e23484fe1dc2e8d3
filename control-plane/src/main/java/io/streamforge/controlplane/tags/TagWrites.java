package io.streamforge.controlplane.tags;

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
 * Has gateways write tags. What a row allows is the gateway's to guard, which has the device before it; here is decided who may ask, and kept who asked
 * and what came of it: the answer is entered when it comes, whether or not anybody still waits for it.
 */
@Service
class TagWrites {

    /** After which the gateway must not write any more. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Tags tags;
    private final Commands commands;
    private final AuditLog audit;
    private final JsonMapper json;

    TagWrites(Tags tags, Commands commands, AuditLog audit, JsonMapper json) {
        this.tags = tags;
        this.commands = commands;
        this.audit = audit;
        this.json = json;
        commands.onAnswer(CommandType.WRITE_POINT, this::answered);
    }

    CompletableFuture<TagWritten> write(TagWrite asked, User user) {
        JsonNode value = asked.value();
        if (!value.isNumber() && !value.isBoolean() && !value.isString()) {
            throw ProblemException.invalid(
                    "value must be a number, true or false, or a text, got %s.".formatted(value),
                    List.of(new FieldProblem("/value", "must be a number, true or false, or a text")));
        }
        Tag tag = tags.find(asked.gatewayId(), asked.assetId(), asked.parameter())
                .orElseThrow(() -> ProblemException.notFound("tag", asked.name()));
        if (tag.writeRule() == null) {
            throw ProblemException.conflict(
                    "not-writable",
                    "Tag '%s' is not writable: its row in adapter '%s' does not say so, or did not when the deployment was activated."
                            .formatted(asked.name(), tag.adapterId()));
        }
        UUID writeId = UUID.randomUUID();
        Arguments.WritePoint order = new Arguments.WritePoint(
                writeId, tag.adapterId(), asked.assetId(), asked.parameter(), value, user.username());
        audit.record(user, "tag.write", asked.name(), Map.of("writeId", writeId, "value", value));
        return commands.ask(asked.gatewayId(), order, LIMIT).thenApply(answer -> result(asked, answer));
    }

    private TagWritten result(TagWrite asked, CommandAnswer answer) {
        if (answer.status() == CommandOutcome.FAILED) {
            boolean reachedTheDevice =
                    answer.result() != null && answer.result().isObject();
            throw new ProblemException(
                    reachedTheDevice ? HttpStatus.BAD_GATEWAY : HttpStatus.CONFLICT,
                    reachedTheDevice ? "write-failed" : "write-refused",
                    String.valueOf(answer.error()));
        }
        try {
            return json.treeToValue(answer.result(), TagWritten.class);
        } catch (JacksonException e) {
            throw new ProblemException(
                    HttpStatus.BAD_GATEWAY,
                    "gateway-failed",
                    "Gateway '%s' wrote tag '%s', but its answer cannot be read: %s"
                            .formatted(asked.gatewayId(), asked.name(), e.getOriginalMessage()));
        }
    }

    private void answered(String gatewayId, JsonNode arguments, CommandAnswer answer) {
        Arguments.WritePoint order = json.treeToValue(arguments, Arguments.WritePoint.class);
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("writeId", order.writeId());
        detail.put("value", order.value());
        JsonNode result = answer.result();
        if (result != null && result.isObject()) {
            detail.put("before", result.get("before"));
            detail.put("written", result.get("written"));
            detail.put("readBack", result.get("readBack"));
        }
        if (answer.error() != null) {
            detail.put("error", answer.error());
        }
        audit.record(
                order.by(),
                answer.status() == CommandOutcome.OK ? "tag.written" : "tag.write-failed",
                gatewayId + "/" + order.assetId() + "/" + order.parameter(),
                detail);
    }
}
