package io.streamforge.controlplane.sink;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.catalogue.Catalogue;
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

/** The configured destinations. Nothing here reaches a gateway until a deployment is activated. */
@Service
public class Sinks {

    private final Documents<SinkDefinition> documents;
    private final DocumentStore store;
    private final Catalogue catalogue;
    private final Fields fields;

    Sinks(DocumentStore store, Catalogue catalogue, Fields fields) {
        this.documents = store.documents("sink", SinkDefinition.class, SinkDefinition::id, SinkDefinition::name);
        this.store = store;
        this.catalogue = catalogue;
        this.fields = fields;
    }

    public Page<Sink> list(@Nullable String q, int limit, @Nullable String cursor) {
        return documents.list(q, limit, cursor, Sinks::view);
    }

    public Sink get(String id) {
        return view(documents.get(id));
    }

    public Optional<SinkDefinition> definition(String id) {
        return documents.find(id).map(Documents.Stored::definition);
    }

    @Transactional
    public Sink create(SinkDefinition definition, User user) {
        requireValid(definition);
        return view(documents.create(definition, user));
    }

    @Transactional
    public Sink update(String id, SinkDefinition definition, Version seen, User user) {
        requireValid(definition);
        return view(documents.update(id, definition, seen, user));
    }

    @Transactional
    public void delete(String id, Version seen, User user) {
        List<String> users = store.holding("deployment", "sinks", id);
        if (!users.isEmpty()) {
            throw ProblemException.conflict(
                    "in-use",
                    "Sink '%s' is part of deployment %s: take it out there first."
                            .formatted(id, String.join(", ", users)));
        }
        documents.delete(id, seen, user);
    }

    /** Everything that is wrong with a definition by itself. */
    public List<FieldProblem> check(SinkDefinition definition) {
        List<FieldProblem> own = fields.check(definition);
        return own.isEmpty() ? SinkCheck.check(definition, catalogue) : own;
    }

    private void requireValid(SinkDefinition definition) {
        List<FieldProblem> problems = check(definition);
        if (!problems.isEmpty()) {
            throw ProblemException.invalid(
                    "Sink '%s': %s".formatted(definition.id(), FieldProblem.summary(problems)), problems);
        }
    }

    private static Sink view(Documents.Stored<SinkDefinition> stored) {
        SinkDefinition definition = stored.definition();
        return new Sink(
                definition.id(),
                definition.name(),
                definition.connector(),
                definition.topics(),
                definition.parameters(),
                stored.version(),
                stored.updatedAt(),
                stored.updatedBy());
    }
}
