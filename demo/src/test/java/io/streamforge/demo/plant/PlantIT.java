package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;

import com.digitalpetri.modbus.server.ModbusTcpServer;
import io.streamforge.demo.plant.SimulationTest.Clockwork;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The devices as mbpoll, a Modbus master over libmodbus, reads them. */
class PlantIT {

    private final Clockwork clock = new Clockwork(Instant.parse("2026-11-20T10:00:00Z"));
    private final List<Simulation> simulations = Plant.simulations(clock);
    private final List<ModbusTcpServer> servers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    @BeforeEach
    void serve() throws Exception {
        for (Simulation simulation : simulations) {
            int port = freePort();
            servers.add(Plant.serve(simulation, port));
            ports.add(port);
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (ModbusTcpServer server : servers) {
            server.stop();
        }
    }

    @Test
    void readsTheBoilersFourAreas() throws Exception {
        simulations.get(0).advance();
        assertThat(values(0, "-t", "3", "-r", "1", "-c", "3"))
                .satisfiesExactly(
                        pressure -> assertThat(Double.parseDouble(pressure)).isBetween(850.0, 1_120.0),
                        celsius -> assertThat(Double.parseDouble(celsius)).isBetween(1_700.0, 1_850.0),
                        level -> assertThat(Double.parseDouble(level)).isBetween(440.0, 600.0));
        assertThat(values(0, "-t", "3:float", "-B", "-r", "4", "-c", "1"))
                .singleElement()
                .satisfies(steam -> assertThat(Double.parseDouble(steam)).isBetween(900.0, 3_200.0));
        assertThat(values(0, "-t", "4", "-r", "1", "-c", "1")).containsExactly("1000");
        assertThat(values(0, "-t", "0", "-r", "1", "-c", "2")).hasSize(2);
        assertThat(values(0, "-t", "1", "-r", "2", "-c", "1")).containsExactly("0");
    }

    @Test
    void theHeatersRegisterIsIllegalInItsMinuteAndTheOthersAreNot() throws Exception {
        assertThat(values(2, "-t", "4", "-r", "51", "-c", "1")).hasSize(1);
        clock.forward(Duration.ofSeconds(4 * 60 + 1));
        assertThat(mbpoll(2, "-t", "4", "-r", "51", "-c", "1")).contains("Illegal data address");
        assertThat(values(2, "-t", "4:float", "-B", "-r", "1", "-c", "1")).containsExactly("65");
    }

    @Test
    void thePressLineIsSilentInItsMinuteAndComesBack() throws Exception {
        clock.forward(Duration.ofSeconds(7 * 60 + 1));
        assertThat(mbpoll(1, "-t", "4", "-r", "1", "-c", "1")).contains("Connection timed out");
        clock.forward(Duration.ofSeconds(20));
        assertThat(values(1, "-t", "4", "-r", "1", "-c", "1")).containsExactly("800");
    }

    @Test
    void theBoilersSetPointCanBeWrittenWithinItsRange() throws Exception {
        assertThat(write(0, 1, 900)).contains("Written 1 references");
        assertThat(values(0, "-t", "4", "-r", "1", "-c", "1")).containsExactly("900");
        assertThat(write(0, 1, 1200)).contains("Illegal data value");
        assertThat(write(0, 2, 900)).contains("Illegal data address");
        assertThat(write(1, 1, 900)).contains("Illegal data address");
        assertThat(values(0, "-t", "4", "-r", "1", "-c", "1")).containsExactly("900");
    }

    @Test
    void whatLiesBeyondTheMapIsAnIllegalAddress() throws Exception {
        assertThat(mbpoll(0, "-t", "3", "-r", "128", "-c", "2")).contains("Illegal data address");
    }

    private static final Pattern VALUE = Pattern.compile("^\\[\\d+]:\\s+(\\S+)", Pattern.MULTILINE);

    private List<String> values(int device, String... options) throws Exception {
        String output = mbpoll(device, options);
        Matcher matcher = VALUE.matcher(output);
        List<String> values = new ArrayList<>();
        while (matcher.find()) {
            values.add(matcher.group(1));
        }
        assertThat(values).as(output).isNotEmpty();
        return values;
    }

    private String write(int device, int reference, int value) throws IOException, InterruptedException {
        return poll(device, List.of("-t", "4", "-r", String.valueOf(reference)), List.of(String.valueOf(value)));
    }

    private String mbpoll(int device, String... options) throws IOException, InterruptedException {
        return poll(device, List.of(options), List.of());
    }

    private String poll(int device, List<String> options, List<String> written)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mbpoll", "-m", "tcp", "-a", "1", "-1", "-o", "1"));
        command.addAll(List.of("-p", String.valueOf(ports.get(device))));
        command.addAll(options);
        command.add("127.0.0.1");
        command.addAll(written);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
