package io.streamforge.adapter;

import io.streamforge.model.Condition;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A source whose device keeps alarms of its own, so that the gateway shows them and takes operators' answers back for every protocol that has them.
 * Implemented by the Camel {@code Consumer}. Their changes go to the stream as events; this is what stands now. Both methods are called from a
 * thread of the gateway's and block no longer than the source's own time-outs allow.
 */
public interface AlarmDesk {

    /** What an operator may tell the device. */
    enum Action {
        /** Seen. */
        ACKNOWLEDGE,
        /** Dealt with. */
        CONFIRM,
        /** Of note, and no answer yet. */
        COMMENT
    }

    /**
     * An alarm that is of interest now.
     *
     * @param asset null for the adapter's own
     * @param name of source and condition, as its events' type
     * @param state as its events' new state
     * @param eventId the device's identity of the change that led there, in hexadecimal digits: an answer is to this state and no later one
     * @param since the device's time of that change, the gateway's if it gave none
     */
    record DeviceAlarm(
            @Nullable String asset, String name, String state, Condition condition, String eventId, Instant since) {}

    /**
     * An operator's word.
     *
     * @param comment what is to be remembered with it, and by whom it was said
     */
    record Answer(Action action, String conditionId, String eventId, String comment) {}

    /** The desk of this consumer; empty if its device keeps no alarms, or is not asked for them. */
    static Optional<AlarmDesk> of(Consumer consumer) {
        return consumer instanceof AlarmDesk desk && desk.open() ? Optional.of(desk) : Optional.empty();
    }

    /** Whether this source asks for alarms. */
    boolean open();

    /**
     * What stands now, the most severe first.
     *
     * @throws IOException if there is no connection over which it could be known
     */
    List<DeviceAlarm> alarms() throws IOException;

    /**
     * Passes an answer on; returns when the device has taken it. The change that it makes comes as an event.
     *
     * @throws IOException if the device refused it, with the protocol's code and name, or did not answer
     */
    void answer(Answer answer) throws IOException;
}
