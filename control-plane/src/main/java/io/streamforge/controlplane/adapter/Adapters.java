package io.streamforge.controlplane.adapter;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.catalogue.Catalogue;
import io.streamforge.controlplane.catalogue.Connector;
import io.streamforge.controlplane.catalogue.SchemaCheck;
import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.gateway.RouteRun;
import io.streamforge.controlplane.store.DocumentStore;
import io.streamforge.controlplane.store.Documents;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.Fields;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The configured sources. Nothing here reaches a gateway until a deployment is activated. */
@Service
public class Adapters {

    private static final Duration TEST_LIMIT = Duration.ofSeconds(20);

    private final Documents<AdapterDefinition> documents;
    private final DocumentStore store;
    private final Catalogue catalogue;
    private final Fields fields;
    private final Gateways gateways;
    private final Commands commands;
    private final AuditLog audit;

    Adapters(
            DocumentStore store,
            Catalogue catalogue,
            Fields fields,
            Gateways gateways,
            Commands commands,
            AuditLog audit) {
        this.documents =
                store.documents("adapter", AdapterDefinition.class, AdapterDefinition::id, AdapterDefinition::name);
        this.store = store;
        this.catalogue = catalogue;
        this.fields = fields;
        this.gateways = gateways;
        this.commands = commands;
        this.audit = audit;
    }

    public Page<Adapter> list(@Nullable String q, int limit, @Nullable String cursor) {
        return documents.list(q, limit, cursor, Adapters::view);
    }

    public Adapter get(String id) {
        return view(documents.get(id));
    }

    Page<RouteRun> runs(String id) {
        documents.get(id);
        return new Page<>(gateways.running("adapter." + id), null);
    }

    public Optional<AdapterDefinition> definition(String id) {
        return documents.find(id).map(Documents.Stored::definition);
    }

    @Transactional
    public Adapter create(AdapterDefinition definition, User user) {
        requireValid(definition);
        return view(documents.create(definition, user));
    }

    @Transactional
    public Adapter update(String id, AdapterDefinition definition, Version seen, User user) {
        requireValid(definition);
        return view(documents.update(id, definition, seen, user));
    }

    @Transactional
    public void delete(String id, Version seen, User user) {
        List<String> users = store.holding("deployment", "adapters", id);
        if (!users.isEmpty()) {
            throw ProblemException.conflict(
                    "in-use",
                    "Adapter '%s' is part of deployment %s: take it out there first."
                            .formatted(id, String.join(", ", users)));
        }
        documents.delete(id, seen, user);
    }

    /** Everything that is wrong with a definition by itself. */
    public List<FieldProblem> check(AdapterDefinition definition) {
        List<FieldProblem> own = fields.check(definition);
        return own.isEmpty() ? AdapterCheck.check(definition, catalogue) : own;
    }

    CompletableFuture<CommandAnswer> test(String gatewayId, AdapterDefinition adapter, User user) {
        gateways.get(gatewayId);
        requireValid(adapter);
        Connector connector = catalogue.find(adapter.connector()).orElseThrow();
        if (!connector.testable()) {
            throw ProblemException.conflict(
                    "not-testable", "Connector '%s' has no connection test.".formatted(adapter.connector()));
        }
        audit.record(user, "adapter.test", adapter.id(), Map.of("gateway", gatewayId));
        return commands.ask(
                gatewayId,
                new Arguments.TestConnection(
                        connector.id(), connector.version(), adapter.parameters(), List.copyOf(adapter.points())),
                TEST_LIMIT);
    }

    CompletableFuture<CommandAnswer> browse(BrowseRequest request, User user) {
        gateways.get(request.gatewayId());
        Connector connector = catalogue
                .find(request.connector())
                .orElseThrow(() -> ProblemException.notFound("connector", request.connector()));
        List<FieldProblem> problems = SchemaCheck.check(connector.schema(), request.parameters(), "/parameters");
        if (!problems.isEmpty()) {
            throw ProblemException.invalid(
                    "Browsing with '%s': %s".formatted(connector.id(), FieldProblem.summary(problems)), problems);
        }
        if (!connector.browsable()) {
            throw ProblemException.conflict(
                    "not-browsable", "Connector '%s' cannot be browsed.".formatted(request.connector()));
        }
        audit.record(user, "adapter.browse", connector.id(), Map.of("gateway", request.gatewayId()));
        return commands.ask(
                request.gatewayId(),
                new Arguments.Browse(
                        connector.id(),
                        connector.version(),
                        request.parameters(),
                        request.below(),
                        request.from(),
                        request.limit()),
                TEST_LIMIT);
    }

    private void requireValid(AdapterDefinition definition) {
        List<FieldProblem> problems = check(definition);
        if (!problems.isEmpty()) {
            throw ProblemException.invalid(
                    "Adapter '%s': %s".formatted(definition.id(), FieldProblem.summary(problems)), problems);
        }
    }

    private static Adapter view(Documents.Stored<AdapterDefinition> stored) {
        AdapterDefinition definition = stored.definition();
        return new Adapter(
                definition.id(),
                definition.name(),
                definition.connector(),
                definition.asset(),
                definition.parameters(),
                definition.points(),
                definition.runs(),
                stored.version(),
                stored.updatedAt(),
                stored.updatedBy());
    }
}
