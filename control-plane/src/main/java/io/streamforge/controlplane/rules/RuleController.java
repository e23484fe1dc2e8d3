package io.streamforge.controlplane.rules;

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
@RequestMapping("/api/v1/rules")
@Tag(name = "rules", description = "Rule sets")
class RuleController {

    private final RuleSets ruleSets;

    RuleController(RuleSets ruleSets) {
        this.ruleSets = ruleSets;
    }

    @GetMapping
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Rule sets, by id")
    Page<RuleSet> listRuleSets(
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return ruleSets.list(q, limit, cursor);
    }

    @GetMapping("/{id}")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "One rule set")
    ResponseEntity<RuleSet> getRuleSet(@PathVariable String id) {
        return answer(HttpStatus.OK, ruleSets.get(id));
    }

    @PostMapping
    @AllowedTo(Caller.ENGINEER)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create a rule set; nothing runs until a deployment with it is activated")
    ResponseEntity<RuleSet> createRuleSet(@Valid @RequestBody RuleSetDefinition definition, User user) {
        return answer(HttpStatus.CREATED, ruleSets.create(definition, user));
    }

    @PutMapping("/{id}")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Replace a rule set; what runs stays until a deployment is activated")
    ResponseEntity<RuleSet> updateRuleSet(
            @PathVariable String id,
            @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch,
            @Valid @RequestBody RuleSetDefinition definition,
            User user) {
        return answer(HttpStatus.OK, ruleSets.update(id, definition, ifMatch, user));
    }

    @DeleteMapping("/{id}")
    @AllowedTo(Caller.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a rule set that no deployment uses")
    void deleteRuleSet(@PathVariable String id, @RequestHeader(HttpHeaders.IF_MATCH) Version ifMatch, User user) {
        ruleSets.delete(id, ifMatch, user);
    }

    @PostMapping("/validate")
    @AllowedTo(Caller.ENGINEER)
    @Operation(summary = "Validity a rule set without saving it")
    Validity validateRuleSet(@RequestBody RuleSetDefinition definition) {
        return Validity.of(ruleSets.check(definition));
    }

    private static ResponseEntity<RuleSet> answer(HttpStatus status, RuleSet ruleSet) {
        return ResponseEntity.status(status)
                .eTag(new Version(ruleSet.version()).etag())
                .body(ruleSet);
    }
}
