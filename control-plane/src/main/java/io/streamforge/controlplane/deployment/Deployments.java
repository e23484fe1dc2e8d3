package io.streamforge.controlplane.deployment;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.adapter.AdapterCheck;
import io.streamforge.controlplane.adapter.AdapterDefinition;
import io.streamforge.controlplane.adapter.Adapters;
import io.streamforge.controlplane.adapter.MethodArgument;
import io.streamforge.controlplane.adapter.WriteRule;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.catalogue.Catalogue;
import io.streamforge.controlplane.deployment.PlanCompiler.Outcome;
import io.streamforge.controlplane.gateway.Gateway;
import io.streamforge.controlplane.gateway.GatewayStatus;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.rules.RuleSetDefinition;
import io.streamforge.controlplane.rules.RuleSets;
import io.streamforge.controlplane.sink.SinkDefinition;
import io.streamforge.controlplane.sink.Sinks;
import io.streamforge.controlplane.store.DocumentStore;
import io.streamforge.controlplane.store.Documents;
import io.streamforge.controlplane.web.FieldProblem;
import io.streamforge.controlplane.web.Page;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.node.ObjectNode;

/** Drafts, and what becomes of them when they are activated. */
@Service
public class Deployments {

    private final Documents<DeploymentDefinition> documents;
    private final Revisions revisions;
    private final Adapters adapters;
    private final Sinks sinks;
    private final RuleSets ruleSets;
    private final Gateways gateways;
    private final PlanCompiler compiler;
    private final AuditLog audit;

    Deployments(
            DocumentStore store,
            Revisions revisions,
            Adapters adapters,
            Sinks sinks,
            RuleSets ruleSets,
            Gateways gateways,
            Catalogue catalogue,
            AuditLog audit) {
        this.documents = store.documents(
                "deployment", DeploymentDefinition.class, DeploymentDefinition::id, DeploymentDefinition::name);
        this.revisions = revisions;
        this.adapters = adapters;
        this.sinks = sinks;
        this.ruleSets = ruleSets;
        this.gateways = gateways;
        this.compiler = new PlanCompiler(catalogue);
        this.audit = audit;
    }

    public Page<Deployment> list(@Nullable String q, int limit, @Nullable String cursor) {
        return documents.list(q, limit, cursor, this::view);
    }

    public Deployment get(String id) {
        return view(documents.get(id));
    }

    public Optional<Deployment> find(String id) {
        return documents.find(id).map(this::view);
    }

    @Transactional
    public Deployment create(DeploymentDefinition definition, User user) {
        requireReferences(definition);
        return view(documents.create(definition, user));
    }

    @Transactional
    public Deployment update(String id, DeploymentDefinition definition, Version seen, User user) {
        requireReferences(definition);
        String gateway = documents.get(id).definition().gatewayId();
        if (!gateway.equals(definition.gatewayId()) && revisions.latest(id).isPresent()) {
            String message =
                    "gatewayId must stay '%s': this deployment has revisions. Draft another deployment for '%s'."
                            .formatted(gateway, definition.gatewayId());
            throw ProblemException.invalid(message, List.of(new FieldProblem("/gatewayId", message)));
        }
        return view(documents.update(id, definition, seen, user));
    }

    Preflight preflight(String id) {
        Attempt attempt = compile(documents.get(id).definition(), nextRevision(id));
        if (attempt instanceof Compiled compiled) {
            return new Preflight(true, List.of(), compiled.plan());
        }
        return new Preflight(false, ((Refused) attempt).problems(), null);
    }

    Diff diff(String id, String against) {
        DeploymentDefinition definition = documents.get(id).definition();
        List<PlanRoute> before = against.equals("running")
                ? revisions
                        .desired(definition.gatewayId())
                        .map(RoutePlan::routes)
                        .orElse(List.of())
                : revisions.plan(id, Integer.parseInt(against)).routes();
        return new Diff(
                against,
                PlanDiff.between(before, compiled(id, definition).plan().routes()));
    }

    @Transactional
    public Revision activate(String id, Version seen, User user) {
        Compiled compiled = compiled(id, documents.lock(id, seen).definition());
        revisions.freeze(id, compiled.snapshot(), compiled.plan(), user);
        return run(id, compiled.snapshot(), compiled.plan(), user, "deployment.activate");
    }

    Page<Revision> revisions(String id, int limit, @Nullable String cursor) {
        documents.get(id);
        return revisions.list(id, limit, cursor);
    }

    RevisionDetail revision(String id, int number) {
        documents.get(id);
        return new RevisionDetail(
                revisions.get(id, number), revisions.snapshot(id, number), revisions.plan(id, number));
    }

    @Transactional
    public Revision activateRevision(String id, int number, User user) {
        documents.get(id);
        RoutePlan plan = revisions.plan(id, number);
        gatewayProblem(plan.gateway()).ifPresent(problem -> {
            throw new ProblemException(HttpStatus.CONFLICT, "preflight-failed", problem.message(), List.of(problem));
        });
        return run(id, revisions.snapshot(id, number), plan, user, "deployment.roll-back");
    }

    /** What a gateway is to run. */
    RoutePlan plan(String gatewayId) {
        return revisions
                .desired(gatewayId)
                .orElseThrow(() -> new ProblemException(
                        HttpStatus.NOT_FOUND,
                        "plan-missing",
                        "Nothing was activated for gateway '%s' yet.".formatted(gatewayId)));
    }

    private Revision run(String id, Snapshot snapshot, RoutePlan plan, User user, String action) {
        revisions.activate(id, plan, tags(snapshot), methods(snapshot), user);
        gateways.desire(plan.gateway(), id, plan.revision(), plan.hash());
        audit.record(
                user, action, id, Map.of("revision", plan.revision(), "gateway", plan.gateway(), "hash", plan.hash()));
        return revisions.get(id, plan.revision());
    }

    private int nextRevision(String id) {
        return revisions.latest(id).orElse(0) + 1;
    }

    private static List<Revisions.TagRow> tags(Snapshot snapshot) {
        List<Revisions.TagRow> tags = new ArrayList<>();
        for (AdapterDefinition adapter : snapshot.adapters()) {
            if (adapter.runs()) {
                for (ObjectNode point : adapter.points()) {
                    if (isMethod(point)) {
                        continue;
                    }
                    String unit = point.path("unit").asString("");
                    tags.add(new Revisions.TagRow(
                            AdapterCheck.asset(adapter, point),
                            point.path("name").asString(""),
                            unit.isEmpty() ? null : unit,
                            adapter.id(),
                            WriteRule.of(point)));
                }
            }
        }
        return tags;
    }

    private static List<Revisions.MethodRow> methods(Snapshot snapshot) {
        List<Revisions.MethodRow> methods = new ArrayList<>();
        for (AdapterDefinition adapter : snapshot.adapters()) {
            if (adapter.runs()) {
                adapter.points().stream()
                        .filter(Deployments::isMethod)
                        .map(point -> new Revisions.MethodRow(
                                AdapterCheck.asset(adapter, point),
                                point.path("name").asString(""),
                                adapter.id(),
                                MethodArgument.of(point),
                                WriteRule.of(point)))
                        .forEach(methods::add);
            }
        }
        return methods;
    }

    /** Whether a row is called, rather than read. */
    private static boolean isMethod(ObjectNode point) {
        return point.path("method").asBoolean(false);
    }

    /** A draft with everything it refers to, compiled, or everything that stands against it. */
    private sealed interface Attempt {}

    private record Compiled(Snapshot snapshot, RoutePlan plan) implements Attempt {}

    private record Refused(List<FieldProblem> problems) implements Attempt {}

    private Compiled compiled(String id, DeploymentDefinition definition) {
        Attempt attempt = compile(definition, nextRevision(id));
        if (attempt instanceof Compiled compiled) {
            return compiled;
        }
        List<FieldProblem> problems = ((Refused) attempt).problems();
        throw new ProblemException(
                HttpStatus.CONFLICT,
                "preflight-failed",
                "Deployment '%s' cannot be compiled: %s".formatted(id, FieldProblem.summary(problems)),
                problems);
    }

    private Attempt compile(DeploymentDefinition definition, int revision) {
        List<FieldProblem> problems = new ArrayList<>();
        gatewayProblem(definition.gatewayId()).ifPresent(problems::add);
        List<AdapterDefinition> frozenAdapters =
                resolve(definition.adapters(), "/adapters", "adapter", adapters::definition, problems);
        List<SinkDefinition> frozenSinks = resolve(definition.sinks(), "/sinks", "sink", sinks::definition, problems);
        RuleSetDefinition frozenRules = null;
        if (definition.ruleSet() != null) {
            List<RuleSetDefinition> found =
                    resolve(List.of(definition.ruleSet()), "/ruleSet", "rule set", ruleSets::definition, problems);
            frozenRules = found.isEmpty() ? null : found.get(0);
        }
        Snapshot snapshot = new Snapshot(definition, frozenAdapters, frozenSinks, frozenRules);
        Outcome outcome = compiler.compile(snapshot, revision);
        if (outcome instanceof Outcome.Refused refused) {
            problems.addAll(refused.problems());
        }
        if (problems.isEmpty() && outcome instanceof Outcome.Compiled compiled) {
            return new Compiled(snapshot, compiled.plan());
        }
        return new Refused(problems);
    }

    private static <T> List<T> resolve(
            List<String> ids,
            String pointer,
            String noun,
            Function<String, Optional<T>> lookup,
            List<FieldProblem> problems) {
        List<T> found = new ArrayList<>();
        for (String id : ids) {
            lookup.apply(id)
                    .ifPresentOrElse(
                            found::add,
                            () -> problems.add(new FieldProblem(pointer, "There is no %s '%s'.".formatted(noun, id))));
        }
        return found;
    }

    private Optional<FieldProblem> gatewayProblem(String gatewayId) {
        Optional<Gateway> gateway = gateways.find(gatewayId);
        if (gateway.isEmpty()) {
            return Optional.of(new FieldProblem("/gatewayId", "There is no gateway '%s'.".formatted(gatewayId)));
        }
        return gateway.get().status() == GatewayStatus.APPROVED
                ? Optional.empty()
                : Optional.of(new FieldProblem(
                        "/gatewayId",
                        "Gateway '%s' is %s: approve it first."
                                .formatted(gatewayId, gateway.get().status())));
    }

    private void requireReferences(DeploymentDefinition definition) {
        List<FieldProblem> problems = new ArrayList<>();
        if (gateways.find(definition.gatewayId()).isEmpty()) {
            problems.add(new FieldProblem("/gatewayId", "There is no gateway '%s'.".formatted(definition.gatewayId())));
        }
        references(definition.adapters(), "/adapters", "adapter", adapters::definition, problems);
        references(definition.sinks(), "/sinks", "sink", sinks::definition, problems);
        String ruleSet = definition.ruleSet();
        if (ruleSet != null && ruleSets.definition(ruleSet).isEmpty()) {
            problems.add(new FieldProblem("/ruleSet", "There is no rule set '%s'.".formatted(ruleSet)));
        }
        if (!problems.isEmpty()) {
            throw ProblemException.invalid(
                    "Deployment '%s': %s".formatted(definition.id(), FieldProblem.summary(problems)), problems);
        }
    }

    private static <T> void references(
            List<String> ids,
            String pointer,
            String noun,
            Function<String, Optional<T>> lookup,
            List<FieldProblem> problems) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < ids.size(); i++) {
            if (!seen.add(ids.get(i))) {
                problems.add(new FieldProblem(pointer + "/" + i, "'%s' is listed twice.".formatted(ids.get(i))));
            } else if (lookup.apply(ids.get(i)).isEmpty()) {
                problems.add(new FieldProblem(pointer + "/" + i, "There is no %s '%s'.".formatted(noun, ids.get(i))));
            }
        }
    }

    private Deployment view(Documents.Stored<DeploymentDefinition> stored) {
        DeploymentDefinition definition = stored.definition();
        Integer active = gateways.find(definition.gatewayId())
                .filter(gateway -> definition.id().equals(gateway.desiredDeploymentId()))
                .map(Gateway::desiredRevision)
                .orElse(null);
        return new Deployment(
                definition.id(),
                definition.name(),
                definition.gatewayId(),
                definition.adapters(),
                definition.sinks(),
                definition.ruleSet(),
                Objects.requireNonNullElse(definition.delivery(), Delivery.EXACTLY_ONCE),
                revisions.latest(definition.id()).orElse(null),
                active,
                stored.version(),
                stored.updatedAt(),
                stored.updatedBy());
    }
}
