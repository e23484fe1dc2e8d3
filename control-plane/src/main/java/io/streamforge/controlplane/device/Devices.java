package io.streamforge.controlplane.device;

import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.audit.AuditLog;
import io.streamforge.controlplane.gateway.Arguments;
import io.streamforge.controlplane.gateway.CommandAnswer;
import io.streamforge.controlplane.gateway.CommandOutcome;
import io.streamforge.controlplane.gateway.CommandType;
import io.streamforge.controlplane.gateway.Commands;
import io.streamforge.controlplane.gateway.Gateways;
import io.streamforge.controlplane.web.ProblemException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks gateways what their devices keep and passes on what people decide. Nothing of it is stored here: what stands is the device's to say. Who decided
 * what is audited twice, when it is asked and when the gateway answers.
 */
@Service
class Devices {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Gateways gateways;
    private final Commands commands;
    private final AuditLog audit;
    private final JsonMapper json;

    Devices(Gateways gateways, Commands commands, AuditLog audit, JsonMapper json) {
        this.gateways = gateways;
        this.commands = commands;
        this.audit = audit;
        this.json = json;
        commands.onAnswer(CommandType.ANSWER_ALARM, this::alarmAnswered);
        commands.onAnswer(CommandType.DECIDE_CERTIFICATE, this::certificateDecided);
    }

    CompletableFuture<DeviceAlarms> alarms(String gatewayId) {
        return ask(gatewayId, new Arguments.ListAlarms())
                .thenApply(answer -> read(gatewayId, answer, DeviceAlarms.class));
    }

    CompletableFuture<Void> answer(String gatewayId, AlarmAnswer asked, User user) {
        gateways.get(gatewayId);
        audit.record(
                user,
                "device-alarm." + verb(asked.action()),
                alarm(gatewayId, asked.assetId(), asked.eventType()),
                Map.of("adapter", asked.adapterId(), "eventId", asked.eventId(), "comment", asked.comment()));
        return ask(
                        gatewayId,
                        new Arguments.AnswerAlarm(
                                asked.adapterId(),
                                asked.assetId(),
                                asked.eventType(),
                                asked.conditionId(),
                                asked.eventId(),
                                asked.action(),
                                asked.comment(),
                                user.username()))
                .thenAccept(answer -> requireDone(answer, "alarm-answer-refused"));
    }

    CompletableFuture<DeviceCertificates> certificates(String gatewayId) {
        return ask(gatewayId, new Arguments.ListCertificates())
                .thenApply(answer -> read(gatewayId, answer, DeviceCertificates.class));
    }

    CompletableFuture<Void> decide(String gatewayId, String fingerprint, boolean trust, User user) {
        gateways.get(gatewayId);
        audit.record(
                user,
                trust ? "certificate.trust" : "certificate.remove",
                certificate(gatewayId, fingerprint),
                Map.of());
        return ask(gatewayId, new Arguments.DecideCertificate(fingerprint, trust, user.username()))
                .thenAccept(answer -> requireDone(answer, "certificate-refused"));
    }

    private CompletableFuture<CommandAnswer> ask(String gatewayId, Arguments arguments) {
        gateways.get(gatewayId);
        return commands.ask(gatewayId, arguments, LIMIT);
    }

    private static void requireDone(CommandAnswer answer, String problem) {
        if (answer.status() == CommandOutcome.FAILED) {
            throw new ProblemException(HttpStatus.CONFLICT, problem, String.valueOf(answer.error()));
        }
    }

    private <T> T read(String gatewayId, CommandAnswer answer, Class<T> type) {
        if (answer.status() == CommandOutcome.FAILED) {
            throw new ProblemException(HttpStatus.BAD_GATEWAY, "gateway-failed", String.valueOf(answer.error()));
        }
        try {
            return json.treeToValue(answer.result(), type);
        } catch (JacksonException e) {
            throw new ProblemException(
                    HttpStatus.BAD_GATEWAY,
                    "gateway-failed",
                    "The answer of gateway '%s' cannot be read: %s".formatted(gatewayId, e.getOriginalMessage()));
        }
    }

    private void alarmAnswered(String gatewayId, JsonNode arguments, CommandAnswer answer) {
        Arguments.AnswerAlarm asked = json.treeToValue(arguments, Arguments.AnswerAlarm.class);
        audit.record(
                asked.by(),
                answer.status() == CommandOutcome.OK ? "device-alarm.answered" : "device-alarm.refused",
                alarm(gatewayId, asked.assetId(), asked.eventType()),
                detail("action", asked.action().name(), answer));
    }

    private void certificateDecided(String gatewayId, JsonNode arguments, CommandAnswer answer) {
        Arguments.DecideCertificate asked = json.treeToValue(arguments, Arguments.DecideCertificate.class);
        String done = asked.trust() ? "certificate.trusted" : "certificate.removed";
        audit.record(
                asked.by(),
                answer.status() == CommandOutcome.OK ? done : "certificate.failed",
                certificate(gatewayId, asked.fingerprint()),
                detail("trust", asked.trust(), answer));
    }

    private static Map<String, Object> detail(String name, Object value, CommandAnswer answer) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put(name, value);
        if (answer.error() != null) {
            detail.put("error", answer.error());
        }
        return detail;
    }

    private static String verb(Arguments.AlarmAction action) {
        return switch (action) {
            case ACKNOWLEDGE -> "acknowledge";
            case CONFIRM -> "confirm";
            case COMMENT -> "comment";
        };
    }

    private static String alarm(String gatewayId, String assetId, String eventType) {
        return gatewayId + "/" + assetId + "/" + eventType;
    }

    private static String certificate(String gatewayId, String fingerprint) {
        return gatewayId + "/" + fingerprint;
    }
}
