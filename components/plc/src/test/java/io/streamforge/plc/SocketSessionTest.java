package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.Browser.Page;
import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SocketSessionTest {

    private static final Duration TIMEOUT = Duration.ofMillis(50);
    private static final int ANSWER = 4;

    /** A thread that had no time was late, not the device. */
    @Test
    void takesWhatCameInTimeHoweverLateItLooks() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketSession session = session(listener.getLocalPort())) {
            session.open();
            try (Socket device = listener.accept()) {
                device.getOutputStream().write(new byte[ANSWER]);
                assertThat(session.read(List.of())).isEqualTo(new Reply.Answer(List.of()));
                assertThat(session.read(List.of()))
                        .as("nothing more has come")
                        .isEqualTo(new Reply.Lost("timeout: no answer within 50 ms"));
            }
        }
    }

    private static SocketSession session(int port) {
        PlcConfig config = new PlcConfig(
                Driver.EIP, "127.0.0.1", port, Map.of(), TIMEOUT, TIMEOUT, 20, Duration.ZERO, 0, Duration.ofSeconds(1));
        return new SocketSession(config, new Pace(Duration.ZERO, 0)) {

            @Override
            void introduce() {}

            @Override
            Reply ask(List<Point> request) throws IOException {
                send(ByteBuffer.allocate(1));
                long due = System.nanoTime() + TIMEOUT.toNanos();
                await().until(() -> System.nanoTime() - due > 0);
                receive(ANSWER);
                return new Reply.Answer(List.of());
            }

            @Override
            Outcome tell(Point point, Value value) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Page list(List<String> place, int from, int limit) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
