package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class SenderTest {

    @Test
    void aGoodRequestThatIsRefusedSpoilsTheVerdict() throws IOException {
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/readings", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        gateway.start();
        try (Sender sender = new Sender(gateway.getAddress().getPort(), 1000).first()) {
            assertThat(sender.count()).isZero();
            assertThat(sender.refused()).containsExactly("The gateway answered 403 to a good request of first.");
            assertThat(verdict(sender.refused()).isClean()).isFalse();
            assertThat(verdict(List.of()).isClean()).isTrue();
        } finally {
            gateway.stop(0);
        }
    }

    private static Verdict verdict(List<String> refused) {
        return new Verdict(0, 0, List.of(), "", List.of(), List.of(), 0, 0, 0, refused, "", 1);
    }
}
