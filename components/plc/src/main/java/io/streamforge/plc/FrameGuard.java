package io.streamforge.plc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands whole frames to the driver, one at a time, and ends the connection at the first thing that is none. The driver itself would look for the next
 * frame in the noise, with some noise for ever.
 */
final class FrameGuard extends ByteToMessageDecoder {

    /** How long the frame is whose first bytes are there. */
    interface FrameSize {

        /**
         * @param bytes at least as many as the frame's header has
         * @throws CorruptedFrameException if this is no frame
         */
        int of(ByteBuf bytes);
    }

    private final int header;
    private final FrameSize size;
    private final Consumer<String> refusal;

    /**
     * @param header how many bytes it takes to know a frame's size
     * @param refusal called with the reason before the connection is closed
     */
    FrameGuard(int header, FrameSize size, Consumer<String> refusal) {
        this.header = header;
        this.size = size;
        this.refusal = refusal;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> frames) {
        if (bytes.readableBytes() < header) {
            return;
        }
        try {
            int whole = size.of(bytes);
            if (bytes.readableBytes() >= whole) {
                frames.add(bytes.readRetainedSlice(whole));
            }
        } catch (CorruptedFrameException e) {
            bytes.skipBytes(bytes.readableBytes());
            refusal.accept(e.getMessage());
            context.close();
        }
    }
}
