package io.streamforge.modbus;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A serial port of this machine, eight data bits, no flow control, used by nobody else while it is open. */
final class SerialLine implements ByteLine {

    /** A wait in the driver, which counts in tenths of a second; bytes that come end it at once. */
    private static final int SLICE_MS = 100;

    /** §2.5.1.1: above 19200 baud the silence is a fixed 1.75 ms. */
    private static final Duration FAST_SILENCE = Duration.ofNanos(1_750_000);

    private static final int FAST_BAUD = 19_200;
    /** Start, eight data bits, parity or a second stop bit, stop (§2.5.1). */
    private static final int BITS_PER_CHARACTER = 11;

    private final Transport.Serial settings;
    private volatile @Nullable SerialPort port;

    SerialLine(Transport.Serial settings) {
        this.settings = settings;
    }

    @Override
    public void open() throws IOException {
        SerialPort opened;
        try {
            opened = SerialPort.getCommPort(settings.device());
        } catch (SerialPortInvalidPortException e) {
            throw new IOException("there is no serial port '%s'".formatted(settings.device()), e);
        }
        opened.setComPortParameters(
                settings.baudRate(),
                8,
                settings.stopBits() == 2 ? SerialPort.TWO_STOP_BITS : SerialPort.ONE_STOP_BIT,
                switch (settings.parity()) {
                    case NONE -> SerialPort.NO_PARITY;
                    case EVEN -> SerialPort.EVEN_PARITY;
                    case ODD -> SerialPort.ODD_PARITY;
                });
        opened.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
        opened.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, SLICE_MS, 0);
        if (!opened.openPort()) {
            throw new IOException(
                    "serial port '%s' cannot be opened, error %d of the operating system: it is missing, in use, or not this user's to open"
                            .formatted(settings.device(), opened.getLastErrorCode()));
        }
        port = opened;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        if (opened().writeBytes(bytes, bytes.length) != bytes.length) {
            throw gone();
        }
    }

    @Override
    public int read(byte[] buffer, int offset, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            int count = opened().readBytes(buffer, buffer.length - offset, offset);
            if (count < 0) {
                throw gone();
            }
            if (count > 0) {
                return count;
            }
        } while (System.nanoTime() - deadline < 0);
        return 0;
    }

    @Override
    public Duration silence() {
        return settings.baudRate() > FAST_BAUD
                ? FAST_SILENCE
                : Duration.ofNanos(3_500_000_000L * BITS_PER_CHARACTER / settings.baudRate());
    }

    private SerialPort opened() throws IOException {
        SerialPort current = port;
        if (current == null || !current.isOpen()) {
            throw gone();
        }
        return current;
    }

    private IOException gone() {
        return new EOFException("serial port '%s' has gone".formatted(settings.device()));
    }

    @Override
    public void close() {
        SerialPort current = port;
        port = null;
        if (current != null) {
            current.closePort();
        }
    }
}
