package io.streamforge.controlplane.deadletter;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.gateway.LetterAction;
import io.streamforge.controlplane.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "dead letters", description = "What gateways could not let through, and what is decided about it")
class DeadLetterController {

    private final DeadLetters letters;
    private final Decisions decisions;
    private final Inbox inbox;

    DeadLetterController(DeadLetters letters, Decisions decisions, Inbox inbox) {
        this.letters = letters;
        this.decisions = decisions;
        this.inbox = inbox;
    }

    @GetMapping("/dlq")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Dead letters, the latest first")
    Page<DeadLetter> listDeadLetters(
            @ParameterObject DeadLetterFilter filter,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return letters.list(filter, limit, cursor);
    }

    @GetMapping("/dlq/counts")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "How many dead letters fit, by reason")
    DeadLetterCounts countDeadLetters(@ParameterObject DeadLetterFilter filter) {
        return letters.counts(filter);
    }

    @GetMapping("/dlq/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One dead letter with its record and its original bytes")
    DeadLetterDetail getDeadLetter(@PathVariable UUID id) {
        return letters.get(id);
    }

    @PostMapping("/dlq/{id}/approve")
    @AllowedTo(Caller.OPERATOR)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Let the record pass by the caller's name, as it is or with another value")
    DeadLetter approveDeadLetter(
            @PathVariable UUID id, @Valid @RequestBody(required = false) @Nullable LetterApproval approval, User user) {
        JsonNode value = approval == null ? null : approval.value();
        return value == null || value.isNull()
                ? decisions.decide(id, LetterAction.APPROVE, null, user)
                : decisions.decide(id, LetterAction.EDIT, value, user);
    }

    @PostMapping("/dlq/{id}/discard")
    @AllowedTo(Caller.OPERATOR)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Be done with the record")
    DeadLetter discardDeadLetter(@PathVariable UUID id, User user) {
        return decisions.decide(id, LetterAction.DISCARD, null, user);
    }

    @PostMapping("/dlq/{id}/reprocess")
    @AllowedTo(Caller.OPERATOR)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Have the current rules judge the record again, or its sink deliver it again")
    DeadLetter reprocessDeadLetter(@PathVariable UUID id, User user) {
        return decisions.decide(id, LetterAction.REPROCESS, null, user);
    }

    @PostMapping("/dlq/bulk")
    @AllowedTo(Caller.OPERATOR)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(summary = "Decide about all dead letters that fit a filter")
    BulkDecision.BulkTaken decideDeadLetters(@Valid @RequestBody BulkDecision decision, User user) {
        return decisions.decideAll(decision, user);
    }

    @PostMapping("/gateways/{id}/uplink/dead-letters")
    @AllowedTo(Caller.GATEWAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A gateway hands on dead letters; one that is known is ignored")
    void postDeadLetters(@PathVariable String id, @Valid @RequestBody PostedLetters posted, GatewayIdentity gateway) {
        inbox.letters(gateway.id(), posted);
    }

    @PostMapping("/gateways/{id}/uplink/decision-outcomes")
    @AllowedTo(Caller.GATEWAY)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "A gateway says what became of decisions; one that is known is ignored")
    void postDecisionOutcomes(
            @PathVariable String id, @Valid @RequestBody PostedOutcomes posted, GatewayIdentity gateway) {
        inbox.outcomes(gateway.id(), posted);
    }
}
