package io.streamforge.it.bench.modbus;

import com.digitalpetri.modbus.client.ModbusTcpClient;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersRequest;
import com.digitalpetri.modbus.tcp.client.NettyTcpClientTransport;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.PlcDriverManager;
import org.apache.plc4x.java.api.messages.PlcReadRequest;
import org.apache.plc4x.java.api.types.PlcResponseCode;

/**
 * The child JVM of one variant: {@code ModbusProcess <variant> <port> <devices> <registers> <interval ms> <bootstrap> <registry>}, until its input
 * ends. Obeys {@code go} and {@code halt}, and answers {@code polls} with two numbers: answered and skipped.
 */
public final class ModbusProcess {

    private ModbusProcess() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        int devices = Integer.parseInt(arguments[2]);
        int registers = Integer.parseInt(arguments[3]);
        Duration interval = Duration.ofMillis(Long.parseLong(arguments[4]));
        try (Poller poller =
                switch (arguments[0]) {
                    case "route" -> new AdapterPoller(port, devices, registers, interval, arguments[5], arguments[6]);
                    case "client" -> new PacedPoller(interval, clients(port, devices));
                    case "plc4x" -> new PacedPoller(interval, plc4x(port, devices));
                    default ->
                        throw new IllegalArgumentException(
                                "Unknown variant '%s'. Known: route, client, plc4x.".formatted(arguments[0]));
                }) {
            serve(poller);
        }
    }

    private static void serve(Poller poller) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("ready");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "go" -> poller.go();
                case "halt" -> poller.halt();
                default -> {}
            }
            long skipped = poller instanceof AdapterPoller ours ? ours.skipped() : 0;
            out.printf("polls %d %d%n", poller.polls(), skipped);
        }
    }

    private static List<Callable<Integer>> clients(int port, int devices) throws Exception {
        List<Callable<Integer>> clients = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            ModbusTcpClient client = ModbusTcpClient.create(NettyTcpClientTransport.create(
                    config -> config.setHostname("127.0.0.1").setPort(port)));
            client.connect();
            ReadHoldingRegistersRequest request = new ReadHoldingRegistersRequest(0, ModbusBench.REGISTERS);
            clients.add(() -> client.readHoldingRegisters(1, request).registers().length / 2);
        }
        return clients;
    }

    private static List<Callable<Integer>> plc4x(int port, int devices) throws Exception {
        List<Callable<Integer>> connections = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            PlcConnection connection = PlcDriverManager.getDefault()
                    .getConnectionManager()
                    .getConnection("modbus-tcp://127.0.0.1:%d?unit-identifier=1".formatted(port));
            PlcReadRequest request = connection
                    .readRequestBuilder()
                    .addTagAddress("all", "holding-register:1:UINT[%d]".formatted(ModbusBench.REGISTERS))
                    .build();
            connections.add(() -> {
                var response = request.execute().get();
                return response.getResponseCode("all") == PlcResponseCode.OK ? response.getNumberOfValues("all") : 0;
            });
        }
        return connections;
    }
}
