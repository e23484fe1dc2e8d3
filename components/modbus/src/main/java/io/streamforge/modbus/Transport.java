package io.streamforge.modbus;

import io.streamforge.adapter.OptionErrors;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How units are reached. */
sealed interface Transport {

    /** As logs and messages name the device. */
    String name();

    /** A connection that is not open yet. */
    ModbusConnection connection(Duration timeout);

    void check(OptionErrors errors);

    /** On a serial line 0 is everybody, who does not answer (MODBUS over Serial Line V1.02 §2.2). */
    default int leastUnit() {
        return 1;
    }

    default int greatestUnit() {
        return 247;
    }

    private static void check(OptionErrors errors, String host, int port) {
        errors.notBlank("host", host);
        errors.range("port", port, 1, 65535);
    }

    /**
     * Modbus TCP.
     *
     * @param host name or address
     * @param port 1–65535
     */
    record Tcp(String host, int port) implements Transport {
        @Override
        public String name() {
            return host + ":" + port;
        }

        @Override
        public ModbusConnection connection(Duration timeout) {
            return new TcpConnection(host, port, timeout);
        }

        @Override
        public void check(OptionErrors errors) {
            Transport.check(errors, host, port);
        }

        @Override
        public int leastUnit() {
            return 0;
        }

        @Override
        public int greatestUnit() {
            return 255;
        }
    }

    /** RTU frames over TCP, as converters without Modbus in them pass them on. */
    record RtuOverTcp(String host, int port) implements Transport {
        @Override
        public String name() {
            return host + ":" + port;
        }

        @Override
        public ModbusConnection connection(Duration timeout) {
            return new RtuConnection(new SocketLine(host, port, timeout), timeout);
        }

        @Override
        public void check(OptionErrors errors) {
            Transport.check(errors, host, port);
        }
    }

    /**
     * RTU on a serial port of this machine.
     *
     * @param device as the operating system names it: {@code /dev/ttyUSB0}
     * @param baudRate in bits per second, 300–4,000,000
     * @param stopBits 1 or 2
     */
    record Serial(String device, int baudRate, Parity parity, int stopBits) implements Transport {

        enum Parity {
            NONE,
            EVEN,
            ODD;

            /** How a configuration writes it. */
            String key() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String name() {
            return device;
        }

        @Override
        public ModbusConnection connection(Duration timeout) {
            return new RtuConnection(new SerialLine(this), timeout);
        }

        @Override
        public void check(OptionErrors errors) {
            errors.notBlank("line", device);
            errors.range("baudRate", baudRate, 300, 4_000_000);
            errors.range("stopBits", stopBits, 1, 2);
        }
    }

    /** {@code host:port} is a converter, anything else a serial port. */
    Pattern HOST_AND_PORT = Pattern.compile("(?<host>[^/].*):(?<port>\\d{1,5})");

    /**
     * What a line's name means.
     *
     * @param line {@code /dev/ttyUSB0}, {@code COM3}, or {@code host:port} of a converter
     */
    static Transport rtu(String line, int baudRate, Serial.Parity parity, int stopBits) {
        Matcher converter = HOST_AND_PORT.matcher(line);
        return converter.matches()
                ? new RtuOverTcp(converter.group("host"), Integer.parseInt(converter.group("port")))
                : new Serial(line, baudRate, parity, stopBits);
    }
}
