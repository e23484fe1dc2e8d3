package io.streamforge.plc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.streamforge.plc.FrameGuard.FrameSize;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.plc4x.java.api.exceptions.PlcConnectionException;
import org.apache.plc4x.java.spi.Plc4xNettyWrapper;
import org.apache.plc4x.java.spi.Plc4xProtocolBase;
import org.apache.plc4x.java.spi.connection.ChannelFactory;
import org.apache.plc4x.java.spi.connection.ProtocolStackConfigurer;
import org.apache.plc4x.java.spi.generation.Message;
import org.apache.plc4x.java.spi.generation.MessageInput;
import org.apache.plc4x.java.spi.generation.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connection beneath a driver, and the end of everything that the driver starts for it. Left to itself, a driver keeps its timer and its pool of
 * threads when the other side closes first or when the connection is given up before it stands; here they end with the channel, whoever closes it
 * and when.
 *
 * <p>Any thread.
 */
final class Link implements ChannelFactory {

    private final PlcConfig config;
    private final Consumer<String> onEnd;
    private @Nullable Channel channel;
    private boolean ended;

    /** @param onEnd called with the reason when the connection has ended, or can only be ended, on any thread */
    Link(PlcConfig config, Consumer<String> onEnd) {
        this.config = config;
        this.onEnd = onEnd;
    }

    @Override
    public Channel createChannel(ChannelHandler handler) throws PlcConnectionException {
        EventLoopGroup group = new NioEventLoopGroup(1, new DefaultThreadFactory("plc " + config.device(), true));
        ChannelFuture connecting = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        config.timeout().toMillis())
                .handler(handler)
                .connect(InetSocketAddress.createUnresolved(config.host(), config.port()));
        Channel opening = connecting.channel();
        opening.closeFuture().addListener(closed -> {
            hasEnded();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
        begin(opening);
        try {
            connecting.sync();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlcConnectionException(e);
        }
        return opening;
    }

    @Override
    public boolean isPassive() {
        return false;
    }

    /**
     * The same protocol stack, whose threads end with the channel, and which sees whole frames only.
     *
     * @param header how many bytes it takes to know a frame's size
     */
    <T extends Message> ProtocolStackConfigurer<T> guarded(
            ProtocolStackConfigurer<T> stack, int header, FrameSize size) {
        return (configuration, pipeline, authentication, passive, listeners) -> {
            pipeline.addLast(new FrameGuard(header, size, onEnd));
            Plc4xProtocolBase<T> protocol =
                    stack.configurePipeline(configuration, pipeline, authentication, passive, listeners);
            Plc4xNettyWrapper<?> wrapper = pipeline.get(Plc4xNettyWrapper.class);
            ChannelHandlerContext context = pipeline.context(wrapper);
            pipeline.channel().closeFuture().addListener(closed -> {
                protocol.close(protocol.getConversationContext());
                wrapper.close(context, context.newPromise());
            });
            return protocol;
        };
    }

    /** The same decoder of messages. An answer that it cannot decode would be dropped by the driver, and waited for in vain. */
    <T extends Message> MessageInput<T> strict(MessageInput<T> decoder) {
        return buffer -> {
            try {
                return decoder.parse(buffer);
            } catch (ParseException | RuntimeException e) {
                onEnd.accept("the answer cannot be decoded: " + e.getMessage());
                throw e;
            }
        };
    }

    /** Closes the connection, at once or as soon as there is one; never blocks. */
    void end() {
        Channel open;
        synchronized (this) {
            ended = true;
            open = channel;
        }
        if (open != null) {
            open.close();
        }
    }

    synchronized boolean ended() {
        return ended;
    }

    private void begin(Channel opening) {
        boolean late;
        synchronized (this) {
            channel = opening;
            late = ended;
        }
        if (late) {
            opening.close();
        }
    }

    private void hasEnded() {
        synchronized (this) {
            ended = true;
        }
        onEnd.accept("the device closed the connection");
    }
}
