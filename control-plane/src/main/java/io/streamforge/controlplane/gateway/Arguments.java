package io.streamforge.controlplane.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of a command, one shape per {@link CommandType}. */
public sealed interface Arguments {

    CommandType type();

    /** One signal of one asset. */
    record TagName(String assetId, String parameter) {}

    /**
     * Post the values of these tags, at most twice a second, until the time is over; the same {@code watchId} again
     * replaces the tags and begins the time anew.
     */
    record WatchTags(String watchId, List<TagName> tags, long ttlMs) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.WATCH_TAGS;
        }
    }

    /**
     * Read one tag's past from the local stream.
     *
     * @param maxPoints at most this many in the answer: the gateway decimates
     */
    record ReadHistory(String assetId, String parameter, Instant from, Instant to, int maxPoints) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.READ_HISTORY;
        }
    }

    /** Stop and start one route. */
    record RestartRoute(String routeId) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.RESTART_ROUTE;
        }
    }

    /** Run a stage or sink once more over a part of the past; a replay of that id that is known already is not begun again. */
    record Replay(
            String replayId,
            String routeId,
            String from,
            @Nullable String to,
            @Nullable String into,
            int ratePerS) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.REPLAY;
        }
    }

    /** End a replay before it is through; what it has written stays. */
    record CancelReplay(String replayId) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.CANCEL_REPLAY;
        }
    }

    /** Connect once and read every point once, beside what runs. */
    record TestConnection(String connector, String connectorVersion, ObjectNode properties, List<JsonNode> points)
            implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.TEST_CONNECTION;
        }
    }

    /**
     * List what is below a node of a device, beside what runs.
     *
     * @param below the node's id, null for the top
     * @param from how many of its nodes were in the pages before
     */
    record Browse(
            String connector,
            String connectorVersion,
            ObjectNode properties,
            @Nullable String below,
            int from,
            int limit)
            implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.BROWSE;
        }
    }

    /** Where a dead letter stands in the gateway's stream. */
    record LetterPlace(String topic, int partition, long offset, String messageId) {}

    /**
     * Carry out what an operator decided about dead letters, once for each of them however often this comes.
     *
     * @param value in place of the readings' own, null unless the action is EDIT
     */
    record DecideLetters(
            UUID decisionId,
            List<LetterPlace> letters,
            LetterAction action,
            @Nullable JsonNode value,
            String by) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.DLQ_DECISION;
        }
    }

    /**
     * Write one point of a device, once for its id however often this comes, and not after the command has expired.
     *
     * @param value a number, flag or text in the point's own unit
     */
    record WritePoint(UUID writeId, String adapterId, String assetId, String parameter, JsonNode value, String by)
            implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.WRITE_POINT;
        }
    }

    /**
     * Call one method of a device, once for its id however often this comes, and not after the command has expired.
     *
     * @param arguments a number, flag or text for each, or an array of these, by the names of the method's row
     */
    record CallMethod(
            UUID callId, String adapterId, String assetId, String method, Map<String, JsonNode> arguments, String by)
            implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.CALL_METHOD;
        }
    }

    /** List the alarms that the devices keep. */
    record ListAlarms() implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.LIST_ALARMS;
        }
    }

    /** What an operator tells a device of one of its alarms. */
    enum AlarmAction {
        ACKNOWLEDGE,
        CONFIRM,
        COMMENT
    }

    /**
     * Pass an operator's answer to a device's alarm on.
     *
     * @param eventId of the change that the operator saw: a later one is not answered
     */
    record AnswerAlarm(
            String adapterId,
            String assetId,
            String eventType,
            String conditionId,
            String eventId,
            AlarmAction action,
            String comment,
            String by)
            implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.ANSWER_ALARM;
        }
    }

    /** List the certificates of devices that are trusted or were refused. */
    record ListCertificates() implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.LIST_CERTIFICATES;
        }
    }

    /**
     * Trust a refused certificate, or forget one.
     *
     * @param fingerprint SHA-256 in upper-case hexadecimal digits
     */
    record DecideCertificate(String fingerprint, boolean trust, String by) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.DECIDE_CERTIFICATE;
        }
    }

    /** Pull the plan now. */
    record PlanChanged(@Nullable Integer revision) implements Arguments {
        @Override
        public CommandType type() {
            return CommandType.PLAN_CHANGED;
        }
    }
}
