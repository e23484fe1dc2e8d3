package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire, byte for byte, by the examples of Modbus Application Protocol V1.1b3 §6 and §7. */
class TcpConnectionTest {

    private static final int UNIT = 0x11;
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private ServerSocket listener;
    private TcpConnection connection;
    private Socket device;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        connection = new TcpConnection("127.0.0.1", listener.getLocalPort(), TIMEOUT);
        connection.connect();
        device = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        device.close();
        listener.close();
    }

    /** §6.3: read holding registers 108–110. */
    @Test
    void readsTheStandardsHoldingRegisters() throws IOException {
        answer("0001 0000 0009 11 03 06 022B 0000 0064");
        Reply reply = connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 3));
        assertThat(asked()).isEqualTo("000100000006" + "11" + "03" + "006b" + "0003");
        assertThat(reply).isEqualTo(data("022B 0000 0064"));
        assertThat(connection.answered()).isTrue();
    }

    /** §6.1: read discrete outputs 20–38. */
    @Test
    void readsTheStandardsCoils() throws IOException {
        answer("0001 0000 0006 11 01 03 CD6B05");
        assertThat(connection.exchange(UNIT, Request.read(Area.COIL, 0x13, 19))).isEqualTo(data("CD6B05"));
        assertThat(asked()).isEqualTo("000100000006" + "11" + "01" + "0013" + "0013");
    }

    /** §7: a refusal is the function with its highest bit set, and a code. */
    @Test
    void readsARefusal() throws IOException {
        answer("0001 0000 0003 11 81 02");
        assertThat(connection.exchange(UNIT, Request.read(Area.COIL, 0x4A1, 1))).isEqualTo(new Reply.Refusal(2));
    }

    @Test
    void putsAnAnswerInPiecesTogetherEvenAcrossATimeout() throws IOException {
        answer("0001 0000 00");
        assertThat(connection.exchange(UNIT, Request.read(Area.INPUT, 8, 1))).isEqualTo(new Reply.Silence());
        answer("05 11 04 02 000A 0002 0000 0005 11 04 02 000B");
        assertThat(connection.exchange(UNIT, Request.read(Area.INPUT, 8, 1))).isEqualTo(data("000B"));
    }

    @Test
    void takesAnAnswerThatWasReadLate() throws Exception {
        connection.ask(UNIT, Request.read(Area.INPUT, 8, 1));
        answer("0001 0000 0005 11 04 02 000A");
        long asked = System.nanoTime();
        await().until(connection::hasInput);
        await().until(() -> System.nanoTime() - asked > 2 * TIMEOUT.toNanos());
        assertThat(connection.answer()).isEqualTo(data("000A"));
    }

    @Test
    void dropsAnAnswerToAnEarlierQuestion() throws IOException {
        assertThat(connection.exchange(UNIT, Request.read(Area.INPUT, 8, 1))).isEqualTo(new Reply.Silence());
        answer("0001 0000 0005 11 04 02 000A 0002 0000 0005 11 04 02 000B");
        assertThat(connection.exchange(UNIT, Request.read(Area.INPUT, 8, 1))).isEqualTo(data("000B"));
    }

    @Test
    void refusesAnAnswerOfAnotherLength() throws IOException {
        answer("0001 0000 0007 11 03 04 022B 0000");
        assertThatThrownBy(() -> connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 3)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("answer has 4 data bytes, asked for 6");
    }

    @Test
    void refusesAnAnswerToAnotherFunction() throws IOException {
        answer("0001 0000 0005 11 04 02 022B");
        assertThatThrownBy(() -> connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("answer has function 0x04, asked for 0x03");
    }

    @Test
    void refusesALengthThatNoFrameHas() throws IOException {
        answer("0001 0000 FFFF 11 03");
        assertThatThrownBy(() -> connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("answer is not Modbus TCP: protocol id 0, length 65535");
    }

    @Test
    void saysWhenTheDeviceClosesTheConnection() throws IOException {
        device.shutdownOutput();
        assertThatThrownBy(() -> connection.exchange(UNIT, Request.read(Area.HOLDING, 0, 1)))
                .isInstanceOf(EOFException.class)
                .hasMessage("the device closed the connection");
        assertThat(connection.answered()).isFalse();
    }

    private void answer(String hex) throws IOException {
        device.getOutputStream().write(bytes(hex));
        device.getOutputStream().flush();
    }

    private String asked() throws IOException {
        return HexFormat.of().formatHex(device.getInputStream().readNBytes(12));
    }

    private static Reply data(String hex) {
        return new Reply.Data(ByteBuffer.wrap(bytes(hex)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
