package io.streamforge.demo.plant;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The plant's electricity meter: one feeder per machine, whose power follows what the machine has switched on, told as JSON over HTTP. So the plant
 * has something that no fieldbus reaches.
 */
final class EnergyMeter {

    static final String PATH = "/api/v1/feeders";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double NOISE = 0.01;

    /**
     * What a machine draws.
     *
     * @param name in the document
     * @param baseKw always
     * @param kwByCoil by each of its first coils, while it is on
     */
    private record Load(String name, double baseKw, List<Double> kwByCoil) {

        double kw(Registers registers) {
            double sum = baseKw;
            for (int coil = 0; coil < kwByCoil.size(); coil++) {
                sum += registers.coils()[coil] ? kwByCoil.get(coil) : 0;
            }
            return sum;
        }
    }

    /** In the order of {@link Plant#DEVICES}. */
    private static final List<Load> LOADS = List.of(
            new Load("boiler", 3, List.of(11.0, 7.5)),
            new Load("press_line", 5, List.of(22.0, 22.0, 4.0)),
            new Load("tank_farm", 2, List.of(5.5, 5.5, 5.5, 5.5)));

    private final List<Simulation> machines;
    private final RandomGenerator random;
    private final Clock clock;
    private final double[] power = new double[LOADS.size()];
    private final double[] energyKwh = new double[LOADS.size()];
    private Instant reached;

    EnergyMeter(List<Simulation> machines, RandomGenerator random, Clock clock) {
        this.machines = machines;
        this.random = random;
        this.clock = clock;
        this.reached = clock.instant();
        advance();
    }

    /** Measures, and adds up what was drawn since the last time. */
    synchronized void advance() {
        Instant now = clock.instant();
        double hours = Duration.between(reached, now).toMillis() / 1000.0 / SECONDS_PER_HOUR;
        for (int i = 0; i < LOADS.size(); i++) {
            power[i] = LOADS.get(i).kw(machines.get(i).registers()) * (1 + random.nextGaussian() * NOISE);
            energyKwh[i] += power[i] * hours;
        }
        reached = now;
    }

    /** {@code {"time": …, "feeders": {"boiler": {"power_kw": …, "energy_kwh": …}, …}}} */
    synchronized byte[] document() throws IOException {
        ObjectNode document = JSON.createObjectNode();
        document.put("time", reached.truncatedTo(ChronoUnit.MILLIS).toString());
        ObjectNode feeders = document.putObject("feeders");
        for (int i = 0; i < LOADS.size(); i++) {
            feeders.putObject(LOADS.get(i).name())
                    .put("power_kw", Math.round(power[i] * 100) / 100.0)
                    .put("energy_kwh", Math.round(energyKwh[i] * 1000) / 1000.0);
        }
        return JSON.writeValueAsBytes(document);
    }

    /** Answers on the loopback until it is stopped. */
    HttpServer serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext(PATH, exchange -> {
            try (exchange) {
                byte[] document = document();
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, document.length);
                exchange.getResponseBody().write(document);
            }
        });
        server.start();
        return server;
    }
}
