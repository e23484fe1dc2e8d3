package io.streamforge.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.testing.AdapterContractIT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.io.TempDir;

/** The replay of a file, which stands for a device here: it may be missing, and come back. */
class SimulatorContractIT extends AdapterContractIT {

    private final Path folder;

    SimulatorContractIT(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path file() {
        return folder.resolve("device.csv");
    }

    private void write(String lines) throws IOException {
        Path part = Files.writeString(folder.resolve("device.part"), "steady,fragile\n" + lines);
        Files.move(part, file(), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    protected int startDevice(int port) throws IOException {
        write("1,2\n3,4\n");
        return port;
    }

    @Override
    protected void killDevice() throws IOException {
        Files.deleteIfExists(file());
    }

    @Override
    protected void breakFragile() throws IOException {
        write("1,\n");
    }

    @Override
    protected void mendFragile() throws IOException {
        write("1,2\n");
    }

    @Override
    protected String endpoint(int port) {
        try {
            context.getRegistry()
                    .bind(
                            "contract.points",
                            new ObjectMapper()
                                    .readTree(
                                            "[{\"name\":\"steady\",\"shape\":\"replay\"},{\"name\":\"fragile\",\"shape\":\"replay\"}]"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        return "simulator:device?points=#bean:contract.points&pollIntervalMs=50&replayFile=" + file();
    }

    @Override
    protected boolean overTcp() {
        return false;
    }

    @Override
    protected void converse(int port) {
        throw new UnsupportedOperationException("There is no network.");
    }
}
