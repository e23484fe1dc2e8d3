package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RTU frames byte for byte; the check sums were computed bit by bit outside Java. */
class RtuConnectionTest {

    private static final int UNIT = 0x11;
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    private ServerSocket listener;
    private RtuConnection connection;
    private Socket device;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        connection = new RtuConnection(new SocketLine("127.0.0.1", listener.getLocalPort(), TIMEOUT), TIMEOUT);
        connection.connect();
        device = listener.accept();
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        device.close();
        listener.close();
    }

    /** MODBUS over Serial Line V1.02 §6.2.2: of 02 07 it is 1241, low byte first. */
    @Test
    void computesTheStandardsCheckSum() {
        assertThat(Crc.of(new byte[] {2, 7}, 0, 2)).isEqualTo(0x1241);
        assertThat(Crc.fits(bytes("FF 02 07 41 12"), 1, 4)).isTrue();
        assertThat(Crc.fits(bytes("02 07 12 41"), 0, 4)).isFalse();
    }

    @Test
    void readsHoldingRegisters() throws IOException {
        answer("11 03 06 AE41 5652 4340 49AD");
        assertThat(connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 3)))
                .isEqualTo(data("AE41 5652 4340"));
        assertThat(asked(8)).isEqualTo("1103006b00037687");
        assertThat(connection.answered()).isTrue();
    }

    @Test
    void readsARefusal() throws IOException {
        answer("11 83 02 C134");
        assertThat(connection.exchange(UNIT, Request.read(Area.HOLDING, 0, 1))).isEqualTo(new Reply.Refusal(2));
    }

    @Test
    void stepsOverNoiseAndTheEchoOfATwoWireLine() throws IOException {
        answer("00 FF 11 1103006B00037687 1103 06 AE41 5652 4340 49AD");
        assertThat(connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 3)))
                .isEqualTo(data("AE41 5652 4340"));
    }

    @Test
    void anAnswerThatLostABitIsNone() throws IOException {
        answer("11 03 06 AE41 5652 4341 49AD");
        assertThat(connection.exchange(UNIT, Request.read(Area.HOLDING, 0x6B, 3)))
                .isEqualTo(new Reply.Garbled());
    }

    /** Nothing in a frame says to which question it belongs: 00 05 is of register 1, and must not become that of register 2. */
    @Test
    void anAnswerThatComesTooLateIsNotTakenForThatToTheNextQuestion() throws Exception {
        assertThat(connection.exchange(1, Request.read(Area.HOLDING, 1, 1))).isEqualTo(new Reply.Silence());
        Thread late = new Thread(() -> {
            try {
                asked(8);
                answer("01 03 02 0005 7847");
                asked(8);
                answer("01 03 02 0007 F986");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        late.start();
        assertThat(connection.exchange(1, Request.read(Area.HOLDING, 2, 1))).isEqualTo(data("0007"));
        late.join();
    }

    @Test
    void aLineThatNeverFallsSilentIsOfNoUse() throws Exception {
        assertThat(connection.exchange(1, Request.read(Area.HOLDING, 1, 1))).isEqualTo(new Reply.Silence());
        Thread noise = new Thread(() -> {
            Random random = new Random(4);
            byte[] some = new byte[64];
            try {
                while (true) {
                    random.nextBytes(some);
                    device.getOutputStream().write(some);
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        noise.start();
        assertThatThrownBy(() -> connection.exchange(1, Request.read(Area.HOLDING, 1, 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the line does not fall silent, its bytes are no answers");
        connection.close();
        noise.join();
    }

    @Test
    void aWriteIsAcknowledgedByItsRepetitionAlone() throws IOException {
        answer("11 06 0001 0004 DB59 11 06 0001 0003 9A9B");
        assertThat(connection.exchange(UNIT, Request.writeRegister(1, (short) 3)))
                .isEqualTo(data("0001 0003"));
        assertThat(asked(8)).isEqualTo("1106000100039a9b");
    }

    @Test
    void saysWhenTheConverterClosesTheConnection() throws IOException {
        device.shutdownOutput();
        assertThatThrownBy(() -> connection.exchange(UNIT, Request.read(Area.HOLDING, 0, 1)))
                .isInstanceOf(EOFException.class)
                .hasMessage("the device closed the connection");
    }

    private void answer(String hex) throws IOException {
        device.getOutputStream().write(bytes(hex));
        device.getOutputStream().flush();
    }

    private String asked(int count) throws IOException {
        return HexFormat.of().formatHex(device.getInputStream().readNBytes(count));
    }

    private static Reply data(String hex) {
        return new Reply.Data(ByteBuffer.wrap(bytes(hex)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
