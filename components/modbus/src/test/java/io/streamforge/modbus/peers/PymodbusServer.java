package io.streamforge.modbus.peers;

import io.streamforge.adapter.testing.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A device over pymodbus 3.0 (apt: python3-pymodbus). Every address is illegal until it is set. */
public final class PymodbusServer implements AutoCloseable {

    /** How it answers. */
    public enum Mode {
        NORMAL,
        /** Closes the connection after each answer. */
        CLOSE,
        /** Answers something that is not Modbus. */
        GARBAGE,
        /** Takes requests and never answers. */
        SILENT,
        /** Keeps its answers until they are released, or the mode is another. */
        HELD
    }

    private final PeerProcess process;
    private final int port;

    private PymodbusServer(int port, String frames, String units) {
        try {
            Path folder = Files.createTempDirectory("pymodbus");
            Path script = folder.resolve("pymodbus_server.py");
            PeerProcess.extract("pymodbus_server.py", script);
            process =
                    new PeerProcess(List.of(python(), script.toString(), String.valueOf(port), frames, units), folder);
            Files.delete(script);
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = Integer.parseInt(process.ready().split(" ")[1]);
    }

    /** Debian's packages belong to Debian's Python, whichever comes first in the path. */
    private static String python() {
        return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
    }

    /** On any free port. */
    public static PymodbusServer start() {
        return new PymodbusServer(0, "tcp", "any");
    }

    /** On any free port, with RTU frames over TCP. */
    public static PymodbusServer rtu() {
        return rtu(0);
    }

    /** On this port, with RTU frames over TCP. */
    public static PymodbusServer rtu(int port) {
        return new PymodbusServer(port, "rtu", "any");
    }

    /** On any free port, a gateway with these units behind it; it is silent where one is not there. */
    public static PymodbusServer units(String... unitIds) {
        return new PymodbusServer(0, "tcp", String.join(",", unitIds));
    }

    /** On any free port, a line with these units on it, with RTU frames over TCP. */
    public static PymodbusServer rtuUnits(String... unitIds) {
        return new PymodbusServer(0, "rtu", String.join(",", unitIds));
    }

    /** On this port, for instance that of a server that was closed. */
    public static PymodbusServer start(int port) {
        return new PymodbusServer(port, "tcp", "any");
    }

    public int port() {
        return port;
    }

    /** Sets holding registers, each 0–65535, from an address that counts from 0. */
    public PymodbusServer holding(int address, int... registers) {
        return set("h", address, registers);
    }

    /** Sets input registers, each 0–65535, from an address that counts from 0. */
    public PymodbusServer input(int address, int... registers) {
        return set("i", address, registers);
    }

    /** Sets coils, each 0 or 1, from an address that counts from 0. */
    public PymodbusServer coils(int address, int... bits) {
        return set("c", address, bits);
    }

    /** Sets discrete inputs, each 0 or 1, from an address that counts from 0. */
    public PymodbusServer discrete(int address, int... bits) {
        return set("d", address, bits);
    }

    /** Makes holding registers illegal again. */
    public PymodbusServer removeHolding(int address, int count) {
        process.send("{\"remove\":{\"area\":\"h\",\"address\":%d,\"count\":%d}}".formatted(address, count));
        return this;
    }

    /** Makes each answer come later. */
    public PymodbusServer delay(Duration delay) {
        process.send("{\"delayMs\":%d}".formatted(delay.toMillis()));
        return this;
    }

    /** Makes it refuse functions with 0x01. */
    public PymodbusServer refuse(int... functions) {
        process.send("{\"refuse\":%s}".formatted(Arrays.toString(functions)));
        return this;
    }

    /** Makes it refuse to read more registers or bits than this at once. */
    public PymodbusServer most(int count, int code) {
        process.send("{\"most\":%d,\"code\":%d}".formatted(count, code));
        return this;
    }

    public PymodbusServer mode(Mode mode) {
        process.send("{\"mode\":\"%s\"}".formatted(mode.name().toLowerCase(Locale.ROOT)));
        return this;
    }

    /** How many answers it keeps. */
    public int held() {
        return Integer.parseInt(process.send("{}"));
    }

    /** Lets the first go of the answers that it keeps. */
    public PymodbusServer release() {
        process.send("{\"release\":1}");
        return this;
    }

    private PymodbusServer set(String area, int address, int[] values) {
        process.send("{\"set\":{\"area\":\"%s\",\"address\":%d,\"values\":%s}}"
                .formatted(area, address, Arrays.toString(values)));
        return this;
    }

    /** Kills it at once, as if it were unplugged: its connections break. */
    @Override
    public void close() {
        process.close();
    }
}
