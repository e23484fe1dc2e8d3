package io.streamforge.modbus.peers;

import io.streamforge.adapter.testing.FreePort;
import io.streamforge.adapter.testing.PeerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A device over npm's modbus-serial that answers chosen addresses with chosen exceptions; installs it under {@code target/} if need be. */
public final class ModbusSerialServer implements AutoCloseable {

    private final PeerProcess process;
    private final int port;

    private ModbusSerialServer(String table) {
        Path folder = Path.of("target", "peers", "modbus-serial").toAbsolutePath();
        for (String file : List.of("package.json", "package-lock.json", "server.js")) {
            PeerProcess.extract("modbus-serial/" + file, folder.resolve(file));
        }
        try {
            if (!Files.isDirectory(folder.resolve("node_modules/modbus-serial"))) {
                install(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = FreePort.next();
        process = new PeerProcess(List.of("node", "server.js", String.valueOf(port), table), folder);
    }

    private static void install(Path folder) throws IOException {
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (npm.waitFor() != 0) {
                throw new IOException("npm ci failed in %s: %s".formatted(folder, output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * On any free port.
     *
     * @param table JSON: {@code {"<address>": value, "unit" for the asked unit id, or {"code": n}}}; any other address is refused with 0x02
     */
    public static ModbusSerialServer start(String table) {
        return new ModbusSerialServer(table);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }
}
