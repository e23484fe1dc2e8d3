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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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

    /** Whoever reads may have been held up past the time-out. */
    @Test
    void takesAnAnswerThatWasReadLate() throws IOException {
        RtuConnection late = new RtuConnection(new Script("01 03 02 0007 F986"), Duration.ZERO);
        assertThat(late.exchange(1, Request.read(Area.HOLDING, 2, 1))).isEqualTo(data("0007"));
    }

    /** Nothing in a frame says to which question it belongs: 00 05 is of register 1, and must not become that of register 2. */
    @Test
    void anAnswerThatComesTooLateIsNotTakenForThatToTheNextQuestion() throws IOException {
        Script script = new Script("", "01 03 02 0005 7847", "", "01 03 02 0007 F986");
        RtuConnection scripted = new RtuConnection(script, TIMEOUT);
        assertThat(scripted.exchange(1, Request.read(Area.HOLDING, 1, 1))).isEqualTo(new Reply.Silence());
        assertThat(scripted.exchange(1, Request.read(Area.HOLDING, 2, 1))).isEqualTo(data("0007"));
        assertThat(script.readsBeforeQuestions).containsExactly(0, 3);
        assertThat(script.patience.get(2)).as("silence behind the late answer").isEqualTo(TIMEOUT);
    }

    @Test
    void aLineThatNeverFallsSilentIsOfNoUse() throws IOException {
        Random random = new Random(4);
        RtuConnection noisy = new RtuConnection(
                new Script(Stream.concat(Stream.of(new byte[0]), Stream.generate(() -> {
                    byte[] some = new byte[64];
                    random.nextBytes(some);
                    return some;
                }))),
                Duration.ofMillis(1));
        assertThat(noisy.exchange(1, Request.read(Area.HOLDING, 1, 1))).isEqualTo(new Reply.Silence());
        assertThatThrownBy(() -> noisy.exchange(1, Request.read(Area.HOLDING, 1, 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the line does not fall silent, its bytes are no answers");
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

    /** Brings the next of these for each read, at once; an empty one is a wait in vain. */
    private static final class Script implements ByteLine {

        private final Iterator<byte[]> reads;
        private final List<Duration> patience = new ArrayList<>();
        private final List<Integer> readsBeforeQuestions = new ArrayList<>();

        Script(String... reads) {
            this(Stream.of(reads).map(RtuConnectionTest::bytes));
        }

        Script(Stream<byte[]> reads) {
            this.reads = reads.iterator();
        }

        @Override
        public void open() {}

        @Override
        public void write(byte[] bytes) {
            readsBeforeQuestions.add(patience.size());
        }

        @Override
        public int read(byte[] buffer, int offset, Duration patience) {
            this.patience.add(patience);
            byte[] next = reads.next();
            System.arraycopy(next, 0, buffer, offset, next.length);
            return next.length;
        }

        @Override
        public Duration silence() {
            return Duration.ZERO;
        }

        @Override
        public void close() {}
    }
}
