package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.streamforge.demo.plant.SimulationTest.Clockwork;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnergyMeterTest {

    private final Clockwork clock = new Clockwork(Instant.parse("2026-11-20T10:00:00Z"));
    private final List<Simulation> machines = Plant.simulations(clock);
    private final EnergyMeter meter = new EnergyMeter(machines, new Random(4), clock);

    @Test
    void powerFollowsWhatTheMachineHasSwitchedOn() throws Exception {
        for (int minute = 0; minute < 30; minute++) {
            clock.forward(Duration.ofSeconds(4));
            machines.forEach(Simulation::advance);
            meter.advance();
            boolean[] coils = machines.get(0).registers().coils();
            double expected = 3 + (coils[0] ? 11 : 0) + (coils[1] ? 7.5 : 0);
            assertThat(document().at("/feeders/boiler/power_kw").asDouble())
                    .isBetween(expected * 0.94, expected * 1.06);
        }
        assertThat(document().at("/time").asText()).isEqualTo("2026-11-20T10:02:00Z");
    }

    @Test
    void energyIsPowerOverTime() throws Exception {
        assertThat(document().at("/feeders/press_line/energy_kwh").asDouble()).isZero();
        clock.forward(Duration.ofHours(1));
        meter.advance();
        JsonNode feeder = document().at("/feeders/press_line");
        assertThat(feeder.at("/energy_kwh").asDouble())
                .isBetween(
                        feeder.at("/power_kw").asDouble() - 0.01,
                        feeder.at("/power_kw").asDouble() + 0.01);
    }

    @Test
    void answersOverHttp() throws Exception {
        HttpServer server = meter.serve(0);
        try {
            URI uri = URI.create(
                    "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), EnergyMeter.PATH));
            HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(meter.document());
        } finally {
            server.stop(0);
        }
    }

    private JsonNode document() throws Exception {
        return new ObjectMapper().readTree(meter.document());
    }
}
