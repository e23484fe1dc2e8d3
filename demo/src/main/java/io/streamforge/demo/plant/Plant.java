package io.streamforge.demo.plant;

import com.digitalpetri.modbus.server.ModbusTcpServer;
import com.digitalpetri.modbus.tcp.server.NettyTcpServerTransport;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo plant's process on loopback: boiler, press line and tank farm, each behind a Modbus TCP server, and an energy meter behind HTTP. */
@Command(
        name = "plant",
        description = "Simulated boiler, press line and tank farm as three Modbus TCP devices, and an energy meter.")
public final class Plant implements Callable<Integer> {

    /** Devices of the plant; they listen on consecutive ports in this order. */
    public static final List<String> DEVICES = List.of("boiler", "press line", "tank farm");

    private static final long STEP_MS = 50;
    private static final long METER_MS = 500;

    @Option(
            names = "--port",
            required = true,
            description = "Port of the boiler; press line, tank farm and energy meter have the next three.")
    private int port;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Plant()).execute(arguments));
    }

    @Override
    public Integer call() throws ExecutionException, InterruptedException, IOException {
        ScheduledExecutorService stepper = Executors.newSingleThreadScheduledExecutor();
        int next = port;
        List<Simulation> machines = simulations(Clock.systemUTC());
        EnergyMeter meter = new EnergyMeter(machines, new Random(4), Clock.systemUTC());
        stepper.scheduleAtFixedRate(meter::advance, 0, METER_MS, TimeUnit.MILLISECONDS);
        meter.serve(port + machines.size());
        for (Simulation simulation : machines) {
            stepper.scheduleAtFixedRate(simulation::advance, 0, STEP_MS, TimeUnit.MILLISECONDS);
            serve(simulation, next);
            System.out.println("READY " + simulation.machine().name() + " on 127.0.0.1:" + next);
            next++;
        }
        new CountDownLatch(1).await();
        return 0;
    }

    static List<Simulation> simulations(Clock clock) {
        return List.of(
                new Simulation(
                        new Boiler(new Random(1)),
                        new Failure(Failure.Kind.LEVEL_SENSOR_STUCK, 1, Duration.ofSeconds(30)),
                        clock),
                new Simulation(
                        new PressLine(new Random(2)),
                        new Failure(Failure.Kind.SILENT, 7, Duration.ofSeconds(20)),
                        clock),
                new Simulation(
                        new TankFarm(new Random(3)),
                        new Failure(Failure.Kind.HEATER_ADDRESS_ILLEGAL, 4, Duration.ofSeconds(30)),
                        clock));
    }

    static ModbusTcpServer serve(Simulation simulation, int port) throws ExecutionException, InterruptedException {
        NettyTcpServerTransport transport = NettyTcpServerTransport.create(config -> {
            config.bindAddress = "127.0.0.1";
            config.port = port;
        });
        ModbusTcpServer server = ModbusTcpServer.create(transport, new Device(simulation));
        server.start();
        return server;
    }
}
