package io.streamforge.modbus.peers;

import io.streamforge.adapter.testing.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** libmodbus (apt: libmodbus-dev, gcc) as a server or a client; a small C program that is compiled when it is first needed. */
public final class LibmodbusPeer implements AutoCloseable {

    private static final Path FOLDER = folder();

    private final PeerProcess process;

    private LibmodbusPeer(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString()));
        command.addAll(List.of(arguments));
        process = new PeerProcess(command, FOLDER);
    }

    /** A server on any free port of 127.0.0.1. */
    public static LibmodbusPeer tcp() {
        return new LibmodbusPeer("tcp", "0");
    }

    /** One unit on a serial line, even parity. */
    public static LibmodbusPeer rtu(Path device, int unitId, int baudRate) {
        return new LibmodbusPeer("rtu", device.toString(), Integer.toString(unitId), Integer.toString(baudRate));
    }

    /** A client that polls holding registers from 0. */
    public static LibmodbusPeer client(int port, int registers) {
        return new LibmodbusPeer("poll", Integer.toString(port), Integer.toString(registers));
    }

    public int port() {
        return Integer.parseInt(process.ready().split(" ")[1]);
    }

    public long pid() {
        return process.pid();
    }

    /** As a client: polls so many times, one after the other. */
    public void poll(int times) {
        process.send(Integer.toString(times));
    }

    @Override
    public void close() {
        process.close();
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("libmodbus");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Path program() {
        Path program = FOLDER.resolve("peer");
        Path source = FOLDER.resolve("peer.c");
        try {
            if (!Files.isExecutable(program)) {
                PeerProcess.extract("libmodbus/peer.c", source);
                Process compiler = new ProcessBuilder(
                                "gcc",
                                "-O2",
                                "-o",
                                program.toString(),
                                source.toString(),
                                "-I/usr/include/modbus",
                                "-lmodbus")
                        .redirectErrorStream(true)
                        .start();
                String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (compiler.waitFor() != 0) {
                    throw new IOException("gcc failed: " + output);
                }
                for (Path file : List.of(FOLDER, source, program)) {
                    file.toFile().deleteOnExit();
                }
            }
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
