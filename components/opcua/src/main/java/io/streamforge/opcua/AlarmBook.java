package io.streamforge.opcua;

import io.streamforge.adapter.AlarmDesk.DeviceAlarm;
import io.streamforge.model.Condition;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import io.streamforge.opcua.AlarmFields.Change;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.jspecify.annotations.Nullable;

/**
 * What each of a server's conditions is known to be, and what its events become. A server tells what stands anew whenever it is asked to, between two marks
 * (OPC 10000-9 §5.5.7): what is known already is then no event, and what it does not tell has ended meanwhile.
 */
final class AlarmBook {

    /** More than this many conditions that are of no interest any more are not remembered. */
    private static final int MOST_QUIET = 10_000;

    private static final String NORMAL = "NORMAL";
    private static final String UNSEEN = "not among the alarms that stand, after the connection was lost";

    private record Key(String conditionId, @Nullable String branchId) {}

    /** What a condition is, and which event said so. */
    private record Known(@Nullable String asset, String state, Change change, Instant since) {

        boolean retained() {
            return change.condition().retain();
        }
    }

    private final List<Point> points;
    private final Map<Key, Known> conditions = new HashMap<>();
    /** Told since the first mark of a refresh; null outside of one, or when not all of it came. */
    private @Nullable Set<Key> told;

    private NamespaceTable namespaces = new NamespaceTable();
    private final Map<NodeId, String> assets = new HashMap<>();

    AlarmBook(List<Point> points) {
        this.points = points;
    }

    /** The server numbers its namespaces thus from now on. */
    synchronized void use(NamespaceTable table) {
        namespaces = table;
        told = null;
        assets.clear();
        for (Point point : points) {
            String asset = point.asset();
            if (asset != null) {
                point.node().toNodeId(table).ifPresent(node -> assets.put(node, asset));
            }
        }
    }

    /**
     * An event came.
     *
     * @param now the gateway's clock when the notification was there
     * @param seen gets what it becomes
     * @return whether the server's queue overflowed before it
     */
    synchronized boolean event(Variant[] fields, Instant now, List<Observation> seen) {
        NodeId type = AlarmFields.type(fields);
        if (type.equals(NodeIds.RefreshStartEventType)) {
            told = new HashSet<>();
        } else if (type.equals(NodeIds.RefreshEndEventType)) {
            endUntold(now, seen);
        } else if (type.equals(NodeIds.EventQueueOverflowEventType)) {
            told = null;
            return true;
        } else {
            Change change = AlarmFields.change(fields, namespaces);
            if (change != null) {
                changed(change, now, seen);
            }
        }
        return false;
    }

    private void changed(Change change, Instant now, List<Observation> seen) {
        Condition condition = change.condition();
        Key key = new Key(condition.conditionId(), condition.branchId());
        Known before = conditions.get(key);
        Instant since = change.time() == null ? now : change.time();
        Known after = new Known(assets.get(change.source()), state(change), change, since);
        Set<Key> refreshed = told;
        if (refreshed != null) {
            refreshed.add(key);
        }
        boolean same = before == null
                ? refreshed != null && !condition.retain()
                : before.change().eventId().equals(change.eventId())
                        || (refreshed != null && before.change().condition().equals(condition));
        remember(key, after);
        if (!same) {
            seen.add(event(after, before == null ? null : before.state(), change.quality(), change.eventId(), now));
        }
    }

    private void remember(Key key, Known after) {
        if (key.branchId() != null && !after.retained()) {
            conditions.remove(key);
            return;
        }
        conditions.put(key, after);
        if (conditions.size() > MOST_QUIET) {
            conditions.values().removeIf(known -> !known.retained());
        }
    }

    /** The server would have told of each alarm that still stands. */
    private void endUntold(Instant now, List<Observation> seen) {
        Set<Key> stand = told;
        told = null;
        if (stand == null) {
            return;
        }
        for (Map.Entry<Key, Known> entry : List.copyOf(conditions.entrySet())) {
            Known known = entry.getValue();
            if (known.retained() && !stand.contains(entry.getKey())) {
                Condition last = known.change().condition();
                Condition ended = new Condition(
                        last.conditionId(),
                        last.branchId(),
                        last.severity(),
                        UNSEEN,
                        last.active() == null ? null : Boolean.FALSE,
                        last.acked(),
                        last.confirmed(),
                        false,
                        null,
                        null);
                Change change = new Change(
                        "", known.change().source(), known.change().name(), true, ended, Quality.UNCERTAIN, null);
                Known after = new Known(known.asset(), NORMAL, change, now);
                remember(entry.getKey(), after);
                seen.add(event(after, known.state(), Quality.UNCERTAIN, null, now));
            }
        }
    }

    private static StateChange event(
            Known after, @Nullable String before, Quality quality, @Nullable String eventId, Instant now) {
        return new StateChange(
                eventId,
                after.asset(),
                after.change().name(),
                before == null ? null : new Value.Text(before),
                new Value.Text(after.state()),
                quality,
                after.change().time(),
                now,
                after.change().condition());
    }

    /** In the words of ISA-18.2. A condition without an active state is so while it is retained. */
    private static String state(Change change) {
        Condition condition = change.condition();
        boolean active = condition.active() == null ? condition.retain() : condition.active();
        boolean unacknowledged = Boolean.FALSE.equals(condition.acked());
        if (!change.enabled()) {
            return "OUT_OF_SERVICE";
        }
        if (active) {
            return unacknowledged ? "UNACKNOWLEDGED" : "ACKNOWLEDGED";
        }
        if (unacknowledged) {
            return "RETURNED_UNACKNOWLEDGED";
        }
        return Boolean.FALSE.equals(condition.confirmed()) ? "RETURNED_UNCONFIRMED" : NORMAL;
    }

    /** What is of interest now, the most severe first. */
    synchronized List<DeviceAlarm> retained() {
        return conditions.values().stream()
                .filter(Known::retained)
                .map(known -> new DeviceAlarm(
                        known.asset(),
                        known.change().name(),
                        known.state(),
                        known.change().condition(),
                        known.change().eventId(),
                        known.since()))
                .sorted(Comparator.comparingInt(
                                (DeviceAlarm alarm) -> -alarm.condition().severity())
                        .thenComparing(DeviceAlarm::since, Comparator.reverseOrder()))
                .toList();
    }
}
