package io.streamforge.routes.uplink;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.AlarmDesk;
import io.streamforge.backbone.ReplayRange;
import io.streamforge.model.Decision;
import io.streamforge.model.LetterPlace;
import io.streamforge.model.Value;
import io.streamforge.routes.runtime.ReplayOrder;
import io.streamforge.routes.writing.CallOrder;
import io.streamforge.routes.writing.WriteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something the control plane asks this gateway to do. */
sealed interface Command {

    /** One signal of one asset. */
    record Tag(String assetId, String parameter) {}

    /** Post these tags' values until the time is over; the same watch again replaces its tags and begins the time anew. */
    record WatchTags(String watchId, List<Tag> tags, Duration ttl) implements Command {}

    /** Answer with one tag's past from the stream, at most so many points. */
    record ReadHistory(Tag tag, Instant from, Instant to, int maxPoints) implements Command {}

    /** Stop and start one route. */
    record RestartRoute(String routeId) implements Command {}

    /** Run a stage or sink once more over a part of the past. */
    record Replay(ReplayOrder order) implements Command {}

    /** End a replay before it is through. */
    record CancelReplay(String replayId) implements Command {}

    /** Connect once and read every point once. */
    record TestConnection(String connector, JsonNode properties, JsonNode points) implements Command {}

    /**
     * List what is below a node of a device.
     *
     * @param below the node's id, null for the top
     * @param from how many of its nodes were in the pages before
     */
    record Browse(
            String connector, JsonNode properties, @Nullable String below, int from, int limit) implements Command {}

    /**
     * Carry out what an operator decided about dead letters, once for each letter however often it comes.
     *
     * @param value in place of the readings' own, null unless the action is EDIT
     * @param by the user
     */
    record DecideLetters(
            String decisionId,
            List<LetterPlace> letters,
            Decision.Action action,
            @Nullable Value value,
            String by) implements Command {}

    /** Write one point of a device, once however often it comes. */
    record WritePoint(WriteOrder order) implements Command {}

    /** Call one method of a device, once however often it comes. */
    record CallMethod(CallOrder order) implements Command {}

    /** Answer with the alarms that the devices keep. */
    record ListAlarms() implements Command {}

    /** Tell a device what an operator says of one of its alarms; who says so is part of the comment. */
    record AnswerAlarm(String adapterId, AlarmDesk.Answer answer) implements Command {}

    /** Answer with the certificates of peers that are trusted, or were refused. */
    record ListCertificates() implements Command {}

    /** Trust a refused certificate, or forget one. */
    record DecideCertificate(String fingerprint, boolean trust) implements Command {}

    /** Pull the plan now. */
    record PlanChanged() implements Command {}

    /**
     * Reads a command's arguments.
     *
     * @param expiresAt not to be carried out after this
     * @throws IllegalArgumentException if this gateway does not know the type, or the arguments are wrong
     */
    static Command parse(String type, JsonNode arguments, Instant expiresAt) {
        return switch (type) {
            case "watch-tags" ->
                new WatchTags(
                        text(arguments, "watchId"),
                        tags(arguments.path("tags")),
                        Duration.ofMillis(number(
                                arguments, "ttlMs", 1, Duration.ofHours(1).toMillis())));
            case "read-history" ->
                new ReadHistory(
                        new Tag(text(arguments, "assetId"), text(arguments, "parameter")),
                        Instant.parse(text(arguments, "from")),
                        Instant.parse(text(arguments, "to")),
                        (int) number(arguments, "maxPoints", 2, 10_000));
            case "restart-route" -> new RestartRoute(text(arguments, "routeId"));
            case "replay" ->
                new Replay(new ReplayOrder(
                        text(arguments, "replayId"),
                        text(arguments, "routeId"),
                        ReplayRange.parse(text(arguments, "from")),
                        arguments.hasNonNull("to") ? ReplayRange.parse(text(arguments, "to")) : null,
                        arguments.hasNonNull("into") ? text(arguments, "into") : null,
                        (int) number(arguments, "ratePerS", 1, 1_000_000)));
            case "cancel-replay" -> new CancelReplay(text(arguments, "replayId"));
            case "test-connection" ->
                new TestConnection(
                        text(arguments, "connector"), arguments.path("properties"), arguments.path("points"));
            case "browse" ->
                new Browse(
                        text(arguments, "connector"),
                        arguments.path("properties"),
                        arguments.hasNonNull("below") ? text(arguments, "below") : null,
                        (int) number(arguments, "from", 0, 1_000_000),
                        (int) number(arguments, "limit", 1, 1_000));
            case "dlq-decision" ->
                new DecideLetters(
                        text(arguments, "decisionId"),
                        letters(arguments.path("letters")),
                        choice(arguments, "action", Decision.Action.values()),
                        value(arguments.path("value")),
                        text(arguments, "by"));
            case "write-point" ->
                new WritePoint(new WriteOrder(
                        text(arguments, "writeId"),
                        text(arguments, "adapterId"),
                        text(arguments, "assetId"),
                        text(arguments, "parameter"),
                        required(value(arguments.path("value"))),
                        text(arguments, "by"),
                        expiresAt));
            case "call-method" ->
                new CallMethod(new CallOrder(
                        text(arguments, "callId"),
                        text(arguments, "adapterId"),
                        text(arguments, "assetId"),
                        text(arguments, "method"),
                        named(arguments.path("arguments")),
                        text(arguments, "by"),
                        expiresAt));
            case "list-alarms" -> new ListAlarms();
            case "answer-alarm" ->
                new AnswerAlarm(
                        text(arguments, "adapterId"),
                        new AlarmDesk.Answer(
                                choice(arguments, "action", AlarmDesk.Action.values()),
                                text(arguments, "conditionId"),
                                text(arguments, "eventId"),
                                said(
                                        text(arguments, "by"),
                                        arguments.path("comment").asText(""))));
            case "list-certificates" -> new ListCertificates();
            case "decide-certificate" ->
                new DecideCertificate(
                        text(arguments, "fingerprint"), arguments.path("trust").asBoolean(false));
            case "plan-changed" -> new PlanChanged();
            default ->
                throw new IllegalArgumentException(
                        "Unknown command '%s'. Known: watch-tags, read-history, restart-route, replay, cancel-replay, test-connection, browse, dlq-decision, write-point, call-method, list-alarms, answer-alarm, list-certificates, decide-certificate, plan-changed."
                                .formatted(type));
        };
    }

    private static List<Tag> tags(JsonNode list) {
        List<Tag> tags = new ArrayList<>();
        list.forEach(tag -> tags.add(new Tag(text(tag, "assetId"), text(tag, "parameter"))));
        return List.copyOf(tags);
    }

    private static List<LetterPlace> letters(JsonNode list) {
        List<LetterPlace> letters = new ArrayList<>();
        list.forEach(letter -> letters.add(new LetterPlace(
                text(letter, "topic"),
                (int) number(letter, "partition", 0, Integer.MAX_VALUE),
                number(letter, "offset", 0, Long.MAX_VALUE),
                text(letter, "messageId"))));
        return List.copyOf(letters);
    }

    /** The device knows the gateway, not its users. */
    private static String said(String by, String comment) {
        return comment.isEmpty() ? by : by + ": " + comment;
    }

    private static <E extends Enum<E>> E choice(JsonNode arguments, String argument, E[] known) {
        String name = text(arguments, argument);
        for (E one : known) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "Argument '%s' must be one of %s, got '%s'.".formatted(argument, List.of(known), name));
    }

    private static @Nullable Value value(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER ->
                value.isIntegralNumber() && value.canConvertToLong()
                        ? new Value.Whole(value.longValue())
                        : new Value.Real(value.doubleValue());
            case BOOLEAN -> new Value.Flag(value.booleanValue());
            case STRING -> new Value.Text(value.textValue());
            case MISSING, NULL -> null;
            case ARRAY, OBJECT, BINARY, POJO ->
                throw new IllegalArgumentException(
                        "Argument 'value' must be a number, flag or text, got %s.".formatted(value));
        };
    }

    private static Map<String, List<Value>> named(JsonNode object) {
        Map<String, List<Value>> values = new LinkedHashMap<>();
        object.fields().forEachRemaining(field -> values.put(field.getKey(), several(field.getValue())));
        return values;
    }

    /** One value, or those of an array. */
    private static List<Value> several(JsonNode node) {
        List<Value> values = new ArrayList<>();
        (node.isArray() ? node : List.of(node)).forEach(one -> values.add(required(value(one))));
        return List.copyOf(values);
    }

    private static Value required(@Nullable Value value) {
        if (value == null) {
            throw new IllegalArgumentException("Argument 'value' is missing.");
        }
        return value;
    }

    private static String text(JsonNode arguments, String name) {
        String value = arguments.path(name).asText("");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("Argument '%s' is missing.".formatted(name));
        }
        return value;
    }

    private static long number(JsonNode arguments, String name, long lowest, long highest) {
        JsonNode value = arguments.path(name);
        if (!value.isIntegralNumber() || value.asLong() < lowest || value.asLong() > highest) {
            throw new IllegalArgumentException("Argument '%s' must be a whole number from %d to %d, got %s."
                    .formatted(name, lowest, highest, value.isMissingNode() ? "nothing" : value));
        }
        return value.asLong();
    }
}
