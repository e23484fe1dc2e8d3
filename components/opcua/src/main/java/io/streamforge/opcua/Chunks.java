package io.streamforge.opcua;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import org.eclipse.milo.opcua.stack.transport.client.uasc.UascClientMessageHandler;

/**
 * Follows the chunks that a server's messages come in (OPC 10000-6 §6.7.2). Milo keeps those of a message until its last one is there, and lets go of them
 * after an error, but not where the connection ends between them: then this tells it of one.
 */
final class Chunks extends ChannelInboundHandlerAdapter {

    /** A message's type, whether more of it is to come, and the chunk's length with this header. */
    private static final int HEADER = 8;

    private static final int IS_FINAL = 3;
    private static final int LENGTH = 4;
    private static final byte INTERMEDIATE = 'C';

    private final byte[] header = new byte[HEADER];
    private int headerRead;
    private long bodyLeft;
    private boolean unfinished;

    /** Watches a new connection. */
    static void watch(ChannelPipeline handlers) {
        handlers.addFirst(new Acknowledgement());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            follow(bytes);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (unfinished) {
            context.fireExceptionCaught(new CutException());
        }
        context.fireChannelInactive();
    }

    private void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (headerRead < HEADER) {
                header[headerRead++] = bytes.getByte(at++);
                bodyLeft = headerRead < HEADER ? 0 : length() - HEADER;
            } else {
                int body = (int) Math.min(bodyLeft, bytes.writerIndex() - at);
                at += body;
                bodyLeft -= body;
            }
            if (headerRead == HEADER && bodyLeft <= 0) {
                unfinished = header[IS_FINAL] == INTERMEDIATE;
                headerRead = 0;
            }
        }
    }

    private long length() {
        long length = 0;
        for (int i = HEADER - 1; i >= LENGTH; i--) {
            length = length << Byte.SIZE | Byte.toUnsignedInt(header[i]);
        }
        return length;
    }

    /** Milo puts its handler of chunks in front of all others when the server has said hello; so this one goes there then. */
    private static final class Acknowledgement extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.fireChannelRead(message);
            ChannelPipeline handlers = context.pipeline();
            if (handlers.get(UascClientMessageHandler.class) != null) {
                handlers.remove(this);
                handlers.addFirst(new Chunks());
            }
        }
    }

    /** Without a trace: nothing of ours went wrong. */
    private static final class CutException extends IOException {

        CutException() {
            super("The connection was cut in the middle of a message.");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
