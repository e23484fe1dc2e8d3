package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;
import org.junit.jupiter.api.Test;

class ClientThreadsTest {

    @Test
    void clientsThatLostTheirServerTogetherDoNotReturnInStep() {
        try (ClientThreads threads = new ClientThreads()) {
            OpcTcpClientTransportConfigBuilder transport = OpcTcpClientTransportConfig.newBuilder();
            threads.configure(transport, 1000);
            ScheduledExecutorService timer = transport.build().getScheduledExecutor();
            List<Long> delays = IntStream.range(0, 50)
                    .mapToObj(client ->
                            timer.schedule(() -> {}, 1000, TimeUnit.SECONDS).getDelay(TimeUnit.SECONDS))
                    .toList();
            assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(900L, 1500L));
            assertThat(delays.stream().distinct()).hasSizeGreaterThan(10);
        }
    }
}
