package io.streamforge.routes.plan;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The gateway's files that outlive it: the last plan that ran healthy, and the one that was tried last. */
public final class PlanStore {

    private static final JsonMapper JSON = new JsonMapper();

    private final DurableFile plan;
    private final DurableFile trial;

    /** @param data the gateway's data folder */
    public PlanStore(Path data) {
        this.plan = new DurableFile(data, "plan.json");
        this.trial = new DurableFile(data, "plan-trial.json");
    }

    /**
     * The last plan that ran healthy.
     *
     * @throws PlanException if the file is damaged
     */
    public Optional<RoutePlan> lastGood() throws IOException, PlanException {
        Optional<byte[]> json = plan.read();
        return json.isPresent() ? Optional.of(PlanParser.handWritten(json.get())) : Optional.empty();
    }

    /** Remembers a plan that runs healthy. */
    public void saveLastGood(RoutePlan running) throws IOException {
        plan.write(PlanParser.write(running));
    }

    /** What was tried last and has not become the last good plan. */
    public Optional<Trial> trial() throws IOException {
        Optional<byte[]> json = trial.read();
        return json.isPresent() ? Optional.of(JSON.readValue(json.get(), Trial.class)) : Optional.empty();
    }

    /** Remembers what is tried or was rejected. */
    public void saveTrial(Trial tried) throws IOException {
        trial.write(JSON.writeValueAsBytes(tried));
    }

    /** The trial became the last good plan, or nothing is tried any more. */
    public void clearTrial() throws IOException {
        trial.delete();
    }
}
