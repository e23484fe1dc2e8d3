package io.streamforge.controlplane.demo;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.adapter.AdapterDefinition;
import io.streamforge.controlplane.adapter.Adapters;
import io.streamforge.controlplane.deployment.Deployment;
import io.streamforge.controlplane.deployment.DeploymentDefinition;
import io.streamforge.controlplane.deployment.Deployments;
import io.streamforge.controlplane.rules.RuleSetDefinition;
import io.streamforge.controlplane.rules.RuleSets;
import io.streamforge.controlplane.sink.SinkDefinition;
import io.streamforge.controlplane.sink.Sinks;
import io.streamforge.controlplane.web.ProblemException;
import io.streamforge.controlplane.web.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the demo plant by the same calls a person would make. What exists already stays as it is, so that loading it
 * again changes nothing, and never undoes what somebody has tried out.
 */
@Service
public class DemoPlant {

    private final DemoPlantSettings settings;
    private final JsonMapper json;
    private final Adapters adapters;
    private final Sinks sinks;
    private final RuleSets ruleSets;
    private final Deployments deployments;

    DemoPlant(
            DemoPlantSettings settings,
            JsonMapper json,
            Adapters adapters,
            Sinks sinks,
            RuleSets ruleSets,
            Deployments deployments) {
        this.settings = settings;
        this.json = json;
        this.adapters = adapters;
        this.sinks = sinks;
        this.ruleSets = ruleSets;
        this.deployments = deployments;
    }

    /** The file: the bodies of the calls, but for the gateway, which the caller names. */
    private record Description(
            List<AdapterDefinition> adapters, List<SinkDefinition> sinks, RuleSetDefinition rules, Draft deployment) {

        private record Draft(String id, String name, List<String> adapters, List<String> sinks, String ruleSet) {}
    }

    public boolean available() {
        Path file = settings.plant();
        return file != null && Files.isReadable(file);
    }

    @Transactional
    public DemoPlantLoaded load(String gatewayId, User user) {
        Path file = settings.plant();
        if (file == null || !Files.isReadable(file)) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "demo-plant-missing",
                    "There is no demo plant: start the control plane with --streamforge.demo.plant=FILE.");
        }
        Description plant = json.readValue(file, Description.class);
        plant.adapters().stream()
                .filter(adapter -> adapters.definition(adapter.id()).isEmpty())
                .forEach(adapter -> adapters.create(adapter, user));
        plant.sinks().stream()
                .filter(sink -> sinks.definition(sink.id()).isEmpty())
                .forEach(sink -> sinks.create(sink, user));
        if (ruleSets.definition(plant.rules().id()).isEmpty()) {
            ruleSets.create(plant.rules(), user);
        }
        Description.Draft draft = plant.deployment();
        Optional<Deployment> known = deployments.find(draft.id());
        Deployment deployment = known.isPresent()
                ? known.get()
                : deployments.create(
                        new DeploymentDefinition(
                                draft.id(),
                                draft.name(),
                                gatewayId,
                                draft.adapters(),
                                draft.sinks(),
                                draft.ruleSet(),
                                null),
                        user);
        if (!deployment.gatewayId().equals(gatewayId)) {
            throw ProblemException.conflict(
                    "demo-plant-elsewhere",
                    "The demo plant is deployment '%s' on gateway '%s' already."
                            .formatted(draft.id(), deployment.gatewayId()));
        }
        Integer active = deployment.activeRevision();
        int revision = active != null
                ? active
                : deployments
                        .activate(draft.id(), new Version(deployment.version()), user)
                        .number();
        return new DemoPlantLoaded(draft.id(), revision);
    }
}
