package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PortsTest {

    @Test
    void namesEveryTakenPortWhatWantsItAndTheOptionThatChangesIt() throws Exception {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Ports ports = ports("--port", "" + first.getLocalPort(), "--postgres-port", "" + second.getLocalPort());
            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(DemoException.class)
                    .hasMessageContaining(
                            "Port %d is taken; the console wants it. Choose another with --port, or end what listens there.",
                            first.getLocalPort())
                    .hasMessageContaining(
                            "Port %d is taken; PostgreSQL wants it. Choose another with --postgres-port,",
                            second.getLocalPort());
        }
    }

    @Test
    void refusesOnePortForTwoParts() {
        assertThatThrownBy(ports("--plant-port", "8078")::requireFree)
                .hasMessageContaining(
                        "Port 8080 is wanted by the console and by the plant's tank farm. Choose another with --plant-port.");
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(ports("--broker-port", "65535")::requireFree)
                .hasMessageContaining(
                        "Port 65536 for the broker's controller is not a port: --broker-port must lead to ports from 1 to 65535.");
    }

    private static Ports ports(String... arguments) {
        return CommandLine.populateCommand(new Ports(), arguments);
    }
}
