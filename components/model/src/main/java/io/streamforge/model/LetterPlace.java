package io.streamforge.model;

/**
 * Where a dead letter stands in the stream.
 *
 * @param topic of dead letters
 * @param messageId the letter's own: tells whether the offset still means this letter
 */
public record LetterPlace(String topic, int partition, long offset, String messageId) {

    void write(BinaryWriter out) {
        out.writeString(topic);
        out.writeLong(partition);
        out.writeLong(offset);
        out.writeString(messageId);
    }

    static LetterPlace read(BinaryReader in) {
        return new LetterPlace(
                in.readString("letter.topic"),
                in.readInt("letter.partition"),
                in.readLong("letter.offset"),
                in.readString("letter.message_id"));
    }
}
