package io.streamforge.file;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The rows of one file that could not be taken, with the reasons: a file beside it, one JSON object per line. Made with the first of them. */
final class Rejected implements Closeable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_SHOWN = 1000;

    /** One line. */
    record Line(long row, String reason, String content) {}

    private final Path file;
    private long length;
    private @Nullable FileChannel channel;

    /** @param length of what counts of it: the rest is of rows that will be read again */
    Rejected(Path file, long length) {
        this.file = file;
        this.length = length;
    }

    void add(long row, String reason, String content) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            open.truncate(length);
            open.position(length);
            channel = open;
        }
        String shown = content.length() > LONGEST_SHOWN ? content.substring(0, LONGEST_SHOWN) + "…" : content;
        byte[] line = JSON.writeValueAsBytes(new Line(row, reason, shown));
        ByteBuffer bytes =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            open.write(bytes);
        }
    }

    /** Puts what was added on the disk; returns the file's length. */
    long flush() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.force(false);
        }
        return length;
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.close();
        }
    }
}
