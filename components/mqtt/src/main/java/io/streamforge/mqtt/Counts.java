package io.streamforge.mqtt;

import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What went wrong how often since the source's start, by the closed list of names below and the broker's reason codes. */
final class Counts {

    /** A payload that is not what its format says. */
    static final String PAYLOAD = "payload";
    /** A value, a name or an event's state that cannot be one. */
    static final String VALUE = "value";
    /** A time that cannot be one, or none where one was expected. */
    static final String TIMESTAMP = "timestamp";
    /** A message that has no such path or column. */
    static final String MISSING = "field missing";
    /** A field that no row wants. */
    static final String UNKNOWN_FIELD = "unknown field";
    /** A message that no row wants: the session still has a subscription of an earlier table. */
    static final String UNKNOWN_TOPIC = "unknown topic";
    /** A message that was dropped because the stream was too slow; only QoS 0 can be. */
    static final String DROPPED = "qos 0 dropped";
    /** More series than are remembered. */
    static final String SERIES = "too many series";

    /** A message that is larger than allowed; MQTT 5 brokers do not even send it. */
    static final String LARGE = "message too large";

    /** A broker that sent more than the receive maximum. */
    static final String TOO_MANY = "receive maximum exceeded";

    static final String CONNECTION = "connection";
    static final String NO_BIRTH = "sparkplug no birth";
    static final String SEQUENCE = "sparkplug sequence gap";
    static final String OLD_DEATH = "sparkplug death of an earlier session";
    static final String UNSUPPORTED = "sparkplug unsupported metric";

    private final Map<String, Long> errors = new ConcurrentHashMap<>();
    private final Losses losses = new Losses();

    void add(String what) {
        errors.merge(what, 1L, Long::sum);
    }

    /** @param loss what the stream will never have because of it */
    void add(String what, Loss loss) {
        add(what);
        losses.add(loss);
    }

    Losses losses() {
        return losses;
    }

    SortedMap<String, Long> sorted() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(errors));
    }
}
