package io.streamforge.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.model.Decoder;
import io.streamforge.model.Schemas;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code ./streamforge ledger}: proves on the stream itself that nothing was lost. */
public final class LedgerCommand {

    private static final int NOT_BALANCED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int NOT_RUNNING = 3;
    private static final int MOST_LINES = 20;
    private static final List<String> OPTIONS = List.of("--bootstrap", "--registry", "--data", "--from", "--to");
    private static final ObjectMapper JSON = new ObjectMapper();

    private LedgerCommand() {}

    /** What the command line cannot say. */
    private static final class UsageException extends RuntimeException {
        UsageException(String problem) {
            super(problem);
        }
    }

    /** Exit code 0: everything balances; 1: it does not; 2: wrong usage; 3: no stream to look at. */
    public static void main(String[] arguments) {
        try {
            System.exit(run(List.of(arguments)));
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_USAGE);
        } catch (RuntimeException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_RUNNING);
        }
    }

    private static int run(List<String> arguments) throws IOException {
        Map<String, String> options = new HashMap<>();
        boolean json = false;
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (name.equals("--json")) {
                json = true;
            } else if (OPTIONS.contains(name) && i + 1 < arguments.size()) {
                options.put(name, arguments.get(++i));
            } else {
                throw new UsageException("Unknown option or missing value: '%s'. Known: --json, %s."
                        .formatted(name, String.join(", ", OPTIONS)));
            }
        }
        Optional<Instant> from = minute(options, "--from");
        Optional<Instant> to = minute(options, "--to");
        Address address = address(options);
        Path cache = Files.createTempFile("streamforge-ledger", ".json");
        try {
            Files.delete(cache);
            ConfluentSchemaRegistry registry = new ConfluentSchemaRegistry(List.of(address.registry), cache);
            Decoder decoder = new Decoder(registry);
            try (Prover prover = new Prover(address.bootstrap, decoder, registry.idFor(Topics.RAW, Schemas.READING))) {
                Prover.Result result = prover.prove(from, to);
                if (!result.balanced()) {
                    // A batch that the adapter was just sending again can straddle one cut, but not two.
                    result = prover.prove(from, to);
                }
                if (json) {
                    System.out.println(JSON.writeValueAsString(json(result)));
                } else {
                    print(result);
                }
                return result.balanced() ? 0 : NOT_BALANCED;
            }
        } finally {
            Files.deleteIfExists(cache);
        }
    }

    private record Address(String bootstrap, URI registry) {}

    /** As told, or as the running demo says. */
    private static Address address(Map<String, String> options) throws IOException {
        String bootstrap = options.get("--bootstrap");
        String registry = options.get("--registry");
        if ((bootstrap == null) != (registry == null)) {
            throw new UsageException("--bootstrap and --registry go together.");
        }
        if (bootstrap != null && registry != null) {
            return new Address(bootstrap, URI.create(registry));
        }
        String data = options.get("--data");
        if (data == null) {
            throw new UsageException("Either --bootstrap and --registry or --data is needed.");
        }
        Path state = Path.of(data, "demo.json");
        JsonNode stream = Files.exists(state) ? JSON.readTree(state.toFile()).path("stream") : JSON.nullNode();
        if (!stream.hasNonNull("bootstrap")) {
            throw new IllegalStateException(
                    "No demo has run with the data folder %s. Start one with ./streamforge demo, or name a stream with --bootstrap and --registry."
                            .formatted(data));
        }
        return new Address(
                stream.path("bootstrap").asText(),
                URI.create(stream.path("registry").asText()));
    }

    private static Optional<Instant> minute(Map<String, String> options, String name) {
        String text = options.get(name);
        try {
            return Optional.ofNullable(text).map(given -> Instant.parse(given).truncatedTo(ChronoUnit.MINUTES));
        } catch (DateTimeParseException e) {
            throw new UsageException("%s must be a time like 2026-11-21T08:00:00Z, got '%s'.".formatted(name, text));
        }
    }

    private static void print(Prover.Result result) {
        System.out.printf(
                "%-24s %10s %10s %10s %10s %10s %10s %10s %10s %10s %12s%n",
                "ADAPTER",
                "READ",
                "RETURNED",
                "CLEAN",
                "SYNTHETIC",
                "DEAD",
                "DROPPED",
                "REPEATED",
                "MISSING",
                "LATE",
                "FAILED POLLS");
        result.proof()
                .adapters()
                .forEach((sender, sums) -> System.out.printf(
                        "%-24s %10d %10d %10d %10d %10d %10d %10d %10d %10d %12d%n",
                        name(sender.adapter()),
                        sums.read(),
                        sums.reprocessed() + sums.approved(),
                        sums.clean(),
                        sums.synthetic(),
                        sums.dead(),
                        sums.duplicateDropped(),
                        sums.repeated(),
                        sums.missing(),
                        sums.late(),
                        sums.pollFailed()));
        System.out.println();
        result.proof().adapters().keySet().forEach(sender -> result.proof()
                .losses(sender)
                .forEach((reason, count) ->
                        System.out.printf("%s: %s.%n", name(sender.adapter()), LossWords.of(reason, count))));
        System.out.printf("Not judged yet: %d%n%n", result.pending());
        if (!result.sinks().isEmpty()) {
            System.out.printf(
                    "%-24s %-18s %10s %10s %10s %10s %10s %10s %10s%n",
                    "SINK", "TOPIC", "IN SCOPE", "DELIVERED", "PENDING", "DEAD", "EVICTED", "REPEATED", "MISSING");
            result.sinks()
                    .forEach(sink -> System.out.printf(
                            "%-24s %-18s %10d %10d %10d %10d %10d %10d %10d%n",
                            sink.sink(),
                            sink.topic(),
                            sink.inScope(),
                            sink.delivered(),
                            sink.pending(),
                            sink.dead(),
                            sink.evicted(),
                            sink.repeated(),
                            sink.missing()));
            System.out.println();
            result.sinks().stream()
                    .filter(sink -> !sink.balanced())
                    .forEach(sink -> System.out.printf(
                            "Not balanced: %s, %s: %d records that its position has passed %s%n",
                            sink.sink(),
                            sink.topic(),
                            Math.abs(sink.missing()),
                            sink.missing() > 0
                                    ? "were neither delivered nor refused."
                                    : "were stated as delivered and do not exist."));
        }
        Map<Proof.Cell, Sums> unbalanced = result.proof().unbalanced();
        unbalanced.entrySet().stream()
                .limit(MOST_LINES)
                .forEach(cell -> System.out.printf(
                        "Not balanced: adapter %s, %s/%s, minute %s: %s: %s%n",
                        name(cell.getKey().adapter()),
                        cell.getKey().asset(),
                        cell.getKey().parameter(),
                        cell.getKey().at(),
                        cell.getValue().verdict(),
                        cell.getValue()));
        if (unbalanced.size() > MOST_LINES) {
            System.out.printf("… and %d more; --json has them all.%n", unbalanced.size() - MOST_LINES);
        }
        result.gaps()
                .forEach(gap -> System.out.printf(
                        "Missing: adapter %s, epoch %d, asset %s: sequences %d to %d, found at %s%n",
                        gap.sender().adapter(), gap.epoch(), gap.asset(), gap.first(), gap.last(), gap.minute()));
        System.out.println(result.balanced() ? "Balanced." : "NOT balanced.");
    }

    private static String name(String adapter) {
        return adapter.isEmpty() ? "(unreadable)" : adapter;
    }

    private static ObjectNode json(Prover.Result result) {
        ObjectNode root = JSON.createObjectNode();
        root.put("balanced", result.balanced());
        root.put(
                "from",
                result.from().equals(Instant.EPOCH) ? null : result.from().toString());
        root.put("notJudgedYet", result.pending());
        ArrayNode adapters = root.putArray("adapters");
        result.proof().adapters().forEach((sender, sums) -> {
            ObjectNode node = adapters.addObject();
            node.put("gateway", emptyToNull(sender.gateway()));
            node.put("adapter", emptyToNull(sender.adapter()));
            put(node, sums);
            ObjectNode losses = node.putObject("losses");
            result.proof().losses(sender).forEach(losses::put);
        });
        ArrayNode unbalanced = root.putArray("unbalanced");
        result.proof().unbalanced().forEach((cell, sums) -> {
            ObjectNode node = unbalanced.addObject();
            node.put("gateway", emptyToNull(cell.gateway()));
            node.put("adapter", emptyToNull(cell.adapter()));
            node.put("asset", emptyToNull(cell.asset()));
            node.put("parameter", emptyToNull(cell.parameter()));
            node.put("minute", cell.minute() == 0 ? null : cell.at().toString());
            node.put("verdict", sums.verdict());
            put(node, sums);
        });
        ArrayNode gaps = root.putArray("gaps");
        result.gaps().forEach(gap -> gaps.addObject()
                .put("gateway", gap.sender().gateway())
                .put("adapter", gap.sender().adapter())
                .put("epoch", gap.epoch())
                .put("asset", gap.asset())
                .put("first", gap.first())
                .put("last", gap.last())
                .put("minute", gap.minute().toString()));
        ArrayNode sinks = root.putArray("sinks");
        result.sinks().forEach(sink -> sinks.addObject()
                .put("sink", sink.sink())
                .put("topic", sink.topic())
                .put("inScope", sink.inScope())
                .put("delivered", sink.delivered())
                .put("pending", sink.pending())
                .put("dead", sink.dead())
                .put("evicted", sink.evicted())
                .put("repeated", sink.repeated())
                .put("missing", sink.missing()));
        return root;
    }

    private static void put(ObjectNode node, Sums sums) {
        node.put("read", sums.read())
                .put("reprocessed", sums.reprocessed())
                .put("approved", sums.approved())
                .put("clean", sums.clean())
                .put("synthetic", sums.synthetic())
                .put("dead", sums.dead())
                .put("duplicateDropped", sums.duplicateDropped())
                .put("repeated", sums.repeated())
                .put("missing", sums.missing())
                .put("late", sums.late())
                .put("failedPolls", sums.pollFailed())
                .put("skippedPolls", sums.pollSkipped())
                .put("lostBeforeStream", sums.lost())
                .put("unmapped", sums.unmapped())
                .put("turnedAway", sums.turnedAway());
    }

    private static @Nullable String emptyToNull(String name) {
        return name.isEmpty() ? null : name;
    }
}
