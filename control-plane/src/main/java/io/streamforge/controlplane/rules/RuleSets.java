package io.streamforge.controlplane.rules;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.store.DocumentStore;
import io.streamforge.controlplane.store.Documents;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.Fields;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The rule sets. Nothing here reaches a gateway until a deployment is activated. */
@Service
public class RuleSets {

    private final Documents<RuleSetDefinition> documents;
    private final DocumentStore store;
    private final Fields fields;

    RuleSets(DocumentStore store, Fields fields) {
        this.documents =
                store.documents("rule set", RuleSetDefinition.class, RuleSetDefinition::id, RuleSetDefinition::name);
        this.store = store;
        this.fields = fields;
    }

    public Page<RuleSet> list(@Nullable String q, int limit, @Nullable String cursor) {
        return documents.list(q, limit, cursor, RuleSets::view);
    }

    public RuleSet get(String id) {
        return view(documents.get(id));
    }

    public Optional<RuleSetDefinition> definition(String id) {
        return documents.find(id).map(Documents.Stored::definition);
    }

    @Transactional
    public RuleSet create(RuleSetDefinition definition, User user) {
        requireValid(definition);
        return view(documents.create(definition, user));
    }

    @Transactional
    public RuleSet update(String id, RuleSetDefinition definition, Version seen, User user) {
        requireValid(definition);
        return view(documents.update(id, definition, seen, user));
    }

    @Transactional
    public void delete(String id, Version seen, User user) {
        List<String> users = store.holding("deployment", "ruleSet", id);
        if (!users.isEmpty()) {
            throw ProblemException.conflict(
                    "in-use",
                    "Rule set '%s' is part of deployment %s: take it out there first."
                            .formatted(id, String.join(", ", users)));
        }
        documents.delete(id, seen, user);
    }

    /** Everything that is wrong with a definition by itself. */
    public List<FieldProblem> check(RuleSetDefinition definition) {
        List<FieldProblem> own = fields.check(definition);
        return own.isEmpty() ? RuleCheck.check(definition) : own;
    }

    private void requireValid(RuleSetDefinition definition) {
        List<FieldProblem> problems = check(definition);
        if (!problems.isEmpty()) {
            throw ProblemException.invalid(
                    "Rule set '%s': %s".formatted(definition.id(), FieldProblem.summary(problems)), problems);
        }
    }

    private static RuleSet view(Documents.Stored<RuleSetDefinition> stored) {
        RuleSetDefinition definition = stored.definition();
        return new RuleSet(
                definition.id(),
                definition.name(),
                definition.validation(),
                definition.aggregates(),
                stored.version(),
                stored.updatedAt(),
                stored.updatedBy());
    }
}
