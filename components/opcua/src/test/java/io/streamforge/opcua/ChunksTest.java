package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    private final List<String> told = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel(new Chunks(), new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            told.add(cause.getMessage());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            told.add("inactive");
        }
    });

    private static ByteBuf chunks(String... chunks) {
        ByteBuf bytes = Unpooled.buffer();
        for (String chunk : chunks) {
            String body = chunk.substring(1);
            bytes.writeCharSequence("MSG" + chunk.charAt(0), StandardCharsets.US_ASCII);
            bytes.writeIntLE(8 + body.length());
            bytes.writeCharSequence(body, StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    /** In pieces as the network may make them. */
    private void receive(ByteBuf bytes, int piece) {
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readRetainedSlice(Math.min(piece, bytes.readableBytes())));
        }
        bytes.release();
        channel.inboundMessages().forEach(read -> ((ByteBuf) read).release());
        channel.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 11, 1000})
    void aConnectionThatEndsBetweenMessagesIsNoError(int piece) {
        receive(chunks("Fwhole", "Cfirst", "Csecond", "Fthird", "F", "Cfirst", "A"), piece);
        assertThat(told).containsExactly("inactive");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 11, 1000})
    void aConnectionThatEndsBetweenTheChunksOfAMessageIs(int piece) {
        receive(chunks("Fwhole", "Cfirst", "C"), piece);
        assertThat(told).containsExactly("The connection was cut in the middle of a message.", "inactive");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 11, 1000})
    void aConnectionThatEndsInTheLastChunkOfAMessageIs(int piece) {
        ByteBuf bytes = chunks("Fwhole", "Cfirst", "Flast");
        receive(bytes.writerIndex(bytes.writerIndex() - 1), piece);
        assertThat(told).containsExactly("The connection was cut in the middle of a message.", "inactive");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 0xFFFFFFFFL})
    void aLengthThatCannotBeIsFollowedToItsEnd(long length) {
        ByteBuf bytes = chunks("F");
        receive(bytes.setIntLE(4, (int) length).writeBytes(new byte[20]), 1000);
        assertThat(told).containsExactly("inactive");
    }
}
