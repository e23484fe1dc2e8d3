package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.CommandOutcome;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks gateways for the past of their tags; the control plane itself keeps none. */
@Service
class TagHistory {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Gateways gateways;
    private final Commands commands;
    private final JsonMapper json;

    TagHistory(Gateways gateways, Commands commands, JsonMapper json) {
        this.gateways = gateways;
        this.commands = commands;
        this.json = json;
    }

    CompletableFuture<History> read(
            String gateway, String asset, String parameter, Instant from, Instant to, int maxPoints) {
        if (!from.isBefore(to)) {
            throw ProblemException.invalid("from must be before to, got %s and %s.".formatted(from, to), List.of());
        }
        gateways.get(gateway);
        return commands.ask(gateway, new Arguments.ReadHistory(asset, parameter, from, to, maxPoints), LIMIT)
                .thenApply(answer -> {
                    HistoryResult result = result(gateway, answer);
                    return new History(gateway, asset, parameter, result.unit(), result.points());
                });
    }

    private HistoryResult result(String gateway, CommandAnswer answer) {
        if (answer.status() == CommandOutcome.FAILED || answer.result() == null) {
            throw failed(gateway, String.valueOf(answer.error()));
        }
        try {
            return json.treeToValue(answer.result(), HistoryResult.class);
        } catch (JacksonException e) {
            throw failed(gateway, "its answer cannot be read: " + e.getOriginalMessage());
        }
    }

    private static ProblemException failed(String gateway, String why) {
        return new ProblemException(
                HttpStatus.BAD_GATEWAY,
                "gateway-failed",
                "Gateway '%s' could not read the tag's past: %s".formatted(gateway, why));
    }
}
