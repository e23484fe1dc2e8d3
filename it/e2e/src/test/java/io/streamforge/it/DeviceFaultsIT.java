package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.testing.FaultyLink;
import io.streamforge.modbus.peers.PymodbusServer;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Devices that misbehave: their values recover by themselves, and the others never stop. */
class DeviceFaultsIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String POINTS = """
            [{"name":"good","area":"holding","address":40001,"type":"int16"},
             {"name":"illegal","area":"holding","address":40101,"type":"int16"}]""";

    @Test
    void faultyDevicesRecoverByThemselvesAndTheOthersNeverStop(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (Stack stack = new Stack(directory);
                PymodbusServer healthy = PymodbusServer.start();
                PymodbusServer slow = PymodbusServer.start();
                PymodbusServer closing = PymodbusServer.start();
                PymodbusServer freezing = PymodbusServer.start();
                PymodbusServer unplugged = PymodbusServer.start();
                FaultyLink cable = new FaultyLink(unplugged.port())) {
            for (PymodbusServer device : List.of(healthy, slow, closing, freezing, unplugged)) {
                device.holding(0, 7);
            }
            slow.delay(Duration.ofMillis(700));
            closing.mode(PymodbusServer.Mode.CLOSE);
            stack.broker();
            Part gateway = stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .modbus("healthy", healthy.port(), 200, POINTS)
                            .modbus("slow", slow.port(), 200, POINTS)
                            .modbus("closing", closing.port(), 200, POINTS)
                            .modbus("freezing", freezing.port(), 200, 1000, POINTS)
                            .modbus("unplugged", cable.port(), 200, POINTS)
                            .validate("[]")
                            .json()));
            for (String device : List.of("healthy", "slow", "closing", "freezing", "unplugged")) {
                goodAfter(stack, device, Instant.EPOCH);
            }

            // One illegal block: its point is BAD with code and name, once; the good block beside it goes on.
            List<Reading> illegal = readings(stack, "healthy", "illegal");
            assertThat(illegal).hasSize(1);
            assertThat(illegal.get(0).quality()).isEqualTo(Quality.BAD);
            assertThat(illegal.get(0).value()).isNull();
            assertThat(illegal.get(0).qualityReason()).contains("0x02 ILLEGAL_DATA_ADDRESS");

            // Unplugged: one BAD reading, a gap marker behind the validator; the healthy one goes on; back by itself.
            cable.cut();
            await("the failure of the unplugged device")
                    .atMost(LONG)
                    .until(() -> last(stack, "unplugged").quality() == Quality.BAD);
            goodAfter(stack, "healthy", Instant.now());
            await("the gap marker").atMost(LONG).untilAsserted(() -> assertThat(
                            stack.stream().readings("telemetry.clean"))
                    .anyMatch(reading -> reading.assetId().equals("unplugged")
                            && reading.parameter().equals("good")
                            && reading.value() == null
                            && reading.quality() == Quality.UNCERTAIN));
            unplugged.holding(0, 8);
            cable.mend();
            goodAfter(stack, "unplugged", Instant.now());
            assertThat(readings(stack, "unplugged", "good").stream()
                            .filter(reading -> reading.quality() == Quality.BAD))
                    .as("one reading for the failure, not one per poll")
                    .hasSize(1);

            // A device that freezes, answers garbage, and comes to its senses.
            freezing.mode(PymodbusServer.Mode.SILENT);
            await("the frozen device's failure")
                    .atMost(LONG)
                    .until(() -> last(stack, "freezing").quality() == Quality.BAD);
            goodAfter(stack, "unplugged", Instant.now());
            freezing.mode(PymodbusServer.Mode.GARBAGE);
            goodAfter(stack, "slow", Instant.now());
            freezing.mode(PymodbusServer.Mode.NORMAL);
            goodAfter(stack, "freezing", Instant.now());
            goodAfter(stack, "closing", Instant.now());
            assertThat(gateway.isAlive()).isTrue();
        }
    }

    private static List<Reading> readings(Stack stack, String asset, String parameter) {
        return stack.stream().readings("telemetry.raw").stream()
                .filter(reading ->
                        reading.assetId().equals(asset) && reading.parameter().equals(parameter))
                .toList();
    }

    private static Reading last(Stack stack, String asset) {
        List<Reading> readings = readings(stack, asset, "good");
        return readings.get(readings.size() - 1);
    }

    /** Waits for a good reading that was taken after this moment. */
    private static void goodAfter(Stack stack, String asset, Instant after) {
        await(asset + " to read").atMost(LONG).until(() -> readings(stack, asset, "good").stream()
                .anyMatch(reading -> reading.quality() == Quality.GOOD
                        && reading.gatewayTime().isAfter(after)));
    }
}
