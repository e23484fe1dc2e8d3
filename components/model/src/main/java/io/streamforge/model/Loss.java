package io.streamforge.model;

import io.streamforge.model.Ledger.Kind;

/**
 * What a source did not bring into the stream, and why. A closed list, whose names stand in the ledger and are translated by whoever shows them: a name
 * never gets another meaning.
 */
public enum Loss {
    /** Polls, or attempts to connect, that brought nothing. */
    POLL_FAILED(Kind.POLL_FAILED),
    /** Polls that were due while an earlier one was under way, or waited until the device may be asked again. */
    POLL_DEVICE_SLOW(Kind.POLL_SKIPPED),
    /** Polls that were due while the stream had not yet taken an earlier one. */
    POLL_STREAM_SLOW(Kind.POLL_SKIPPED),
    /** Messages of QoS 0 for which there was no room, because the stream was slow. */
    QOS0_STREAM_SLOW(Kind.LOST),
    /** Messages of QoS 0 that waited for the stream when the adapter was stopped. */
    QOS0_STOPPED(Kind.LOST),
    /** Messages that were larger than allowed. */
    MESSAGE_TOO_LARGE(Kind.LOST),
    /** Messages that were not what their format says. */
    MESSAGE_UNREADABLE(Kind.LOST),
    /** Messages of more senders than are remembered. */
    MESSAGE_SENDERS_EXCEEDED(Kind.LOST),
    /** Gaps in a sender's numbers, each of at least one message. */
    MESSAGE_GAP(Kind.LOST),
    /** Values that were not of their point's type. */
    VALUE_UNREADABLE(Kind.LOST),
    /** Values that the sender has not announced, so that nobody knows what they are. */
    VALUE_UNANNOUNCED(Kind.LOST),
    /** Values for which there was no room, because the stream was slow. */
    VALUE_STREAM_SLOW(Kind.LOST),
    /** Values that waited for the stream when the adapter was stopped. */
    VALUE_STOPPED(Kind.LOST),
    /** Overflows of a queue in the device, each of at least one value. */
    DEVICE_QUEUE_OVERFLOW(Kind.LOST),
    /** Notifications that the device had sent and did not send again. */
    NOTIFICATION_LOST(Kind.LOST),
    /** Rows of files that cannot be read; they are kept beside the file. */
    ROW_REJECTED(Kind.LOST),
    /** Files that were changed while they were read, of which the addition was not taken. */
    FILE_CHANGED(Kind.LOST),
    /** Messages of topics that no row takes. */
    TOPIC_UNMAPPED(Kind.UNMAPPED),
    /** Fields of messages that no row takes. */
    FIELD_UNMAPPED(Kind.UNMAPPED),
    /** Requests for which there was no room or no time: the sender was told to come again. */
    REQUEST_TURNED_AWAY(Kind.TURNED_AWAY),
    /** Requests that cannot be read or are too large: the sender was told what is wrong. */
    REQUEST_REFUSED(Kind.TURNED_AWAY);

    private final Kind kind;

    Loss(Kind kind) {
        this.kind = kind;
    }

    /** What it is counted as. */
    public Kind kind() {
        return kind;
    }
}
