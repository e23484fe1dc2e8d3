package io.streamforge.ledger;

import io.streamforge.model.Loss;
import java.util.Arrays;
import java.util.Optional;

/** What sources lost in the words of an operator. */
final class LossWords {

    private LossWords() {}

    /**
     * A count as a sentence without its stop.
     *
     * @param reason the name of a {@link Loss}, or one that a newer version wrote
     */
    static String of(String reason, long count) {
        Optional<Loss> known = Arrays.stream(Loss.values())
                .filter(loss -> loss.name().equals(reason))
                .findFirst();
        return known.map(loss -> sentence(loss).formatted(count))
                .orElseGet(() -> "%d (%s, which this version does not know)".formatted(count, reason));
    }

    private static String sentence(Loss loss) {
        return switch (loss) {
            case POLL_FAILED -> "%d polls failed";
            case POLL_DEVICE_SLOW -> "%d polls skipped (the device was slow, or its ceiling of requests was reached)";
            case POLL_STREAM_SLOW -> "%d polls skipped (the stream was slow)";
            case QOS0_STREAM_SLOW -> "lost before the stream: %d messages (QoS 0, the stream was slow)";
            case QOS0_STOPPED -> "lost before the stream: %d messages (QoS 0, the adapter was stopped)";
            case MESSAGE_TOO_LARGE -> "lost before the stream: %d messages (larger than allowed)";
            case MESSAGE_UNREADABLE -> "lost before the stream: %d messages (not what their format says)";
            case MESSAGE_SENDERS_EXCEEDED -> "lost before the stream: %d messages (too many senders)";
            case MESSAGE_GAP -> "lost before the stream: %d gaps in a sender's numbers, of one message or more each";
            case VALUE_UNREADABLE -> "lost before the stream: %d values (not of their point's type)";
            case VALUE_UNANNOUNCED -> "lost before the stream: %d values (the sender has not announced them)";
            case VALUE_STREAM_SLOW -> "lost before the stream: %d values (the stream was slow)";
            case VALUE_STOPPED -> "lost before the stream: %d values (the adapter was stopped)";
            case DEVICE_QUEUE_OVERFLOW ->
                "lost before the stream: %d overflows of the device's queue, of one value or more each";
            case NOTIFICATION_LOST ->
                "lost before the stream: %d notifications (the device does not have them any more)";
            case ROW_REJECTED -> "lost before the stream: %d rows (cannot be read, kept beside the file)";
            case FILE_CHANGED -> "lost before the stream: additions to %d files that were being read";
            case TOPIC_UNMAPPED -> "nobody takes: %d messages (no row has their topic)";
            case FIELD_UNMAPPED -> "nobody takes: %d fields of messages (no row has them)";
            case REQUEST_TURNED_AWAY ->
                "turned away: %d requests (no room or no time; the sender was told to come again)";
            case REQUEST_REFUSED -> "turned away: %d requests (cannot be read; the sender was told why)";
        };
    }
}
