package io.streamforge.mqtt;

import io.streamforge.mqtt.Link.Refusal;
import io.streamforge.mqtt.Link.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What one connection asks its broker for. What the broker refuses remains to be asked for, in case it changes its mind. */
final class Topics {

    private static final int AT_ONCE = 100;

    private final int size;
    private List<Subscription> missing;

    Topics(List<Row> rows) {
        missing = of(rows, true);
        size = missing.size();
    }

    /** Each filter once, in the order of the table. */
    static List<Subscription> of(List<Row> rows, boolean shared) {
        Set<Subscription> filters = new LinkedHashSet<>();
        rows.forEach(row -> filters.add(new Subscription(
                shared ? row.topic().subscription() : row.topic().plain(), row.qos())));
        return List.copyOf(filters);
    }

    /** How many there are in all. */
    int size() {
        return size;
    }

    boolean isAnyMissing() {
        return !missing.isEmpty();
    }

    /** Asks for what is missing; what the broker refuses still is. */
    List<Refusal> ask(Link link) throws IOException, InterruptedException {
        List<Refusal> refusals = new ArrayList<>();
        List<Subscription> remaining = new ArrayList<>();
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            List<Subscription> part = missing.subList(from, Math.min(missing.size(), from + AT_ONCE));
            List<Refusal> bad = link.subscribe(part);
            refusals.addAll(bad);
            for (Subscription one : part) {
                if (bad.stream().anyMatch(refusal -> refusal.filter().equals(one.filter()))) {
                    remaining.add(one);
                }
            }
        }
        missing = remaining;
        return refusals;
    }
}
