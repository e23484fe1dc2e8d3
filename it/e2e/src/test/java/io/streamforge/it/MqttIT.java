package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.mqtt.peers.Mosquitto;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** From Mosquitto to rows in PostgreSQL, through a gateway that is killed on the way. */
class MqttIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String[] USER = {"-u", "plant", "-P", Stack.PUSH_KEY};

    @Test
    void everyMessageBecomesARowAlsoThoseThatWereUnderWayWhenTheGatewayDied(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        Path passwords = directory.resolve("passwords");
        assertThat(new ProcessBuilder("mosquitto_passwd", "-c", "-b", passwords.toString(), "plant", Stack.PUSH_KEY)
                        .start()
                        .waitFor())
                .isZero();
        try (Stack stack = new Stack(directory);
                Mosquitto broker = new Mosquitto(
                        directory.resolve("mosquitto"), "allow_anonymous false", "password_file " + passwords)) {
            broker.publish("plant/north/press-07/speed", document(0), "-r", "-u", "plant", "-P", Stack.PUSH_KEY);
            stack.broker();
            Postgres postgres = stack.postgres();
            Part gateway = stack.gatewayWithPlan(stack.write(
                    "plan.json",
                    new Plan(1)
                            .mqtt(
                                    "line-1",
                                    broker.port(),
                                    "[{\"name\":\"{parameter}\",\"topic\":\"plant/{area}/{asset}/{parameter}\",\"path\":\"$.v\",\"time\":\"$.ts\",\"unit\":\"1/min\"}]")
                            .validate("[]")
                            .postgresSink("plant", postgres.port(), "[\"telemetry.clean\"]")
                            .json()));
            await("the retained message, and with it the subscription")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(*) FROM telemetry") > 0);
            broker.publishAll("plant/north/press-07/speed", documents(1, 1000), USER);
            gateway.kill();
            broker.publishAll("plant/north/press-07/speed", documents(1001, 2000), USER);
            gateway.start();
            await("every message")
                    .atMost(LONG)
                    .until(() -> postgres.number("plant", "SELECT count(DISTINCT value) FROM telemetry") == 2001);
            assertThat(
                            postgres.number(
                                    "plant",
                                    "SELECT count(*) FROM telemetry WHERE asset_id = 'press-07' AND parameter = 'speed' AND unit = '1/min' AND quality = 'GOOD' AND extract(epoch FROM device_time) = 1763712000 + value"))
                    .as("each with its asset and name from the topic and its own time")
                    .isGreaterThanOrEqualTo(2001);
        }
    }

    private static List<String> documents(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(MqttIT::document).toList();
    }

    private static String document(int number) {
        return "{\"v\":%d,\"ts\":%d}".formatted(number, 1_763_712_000_000L + number * 1000L);
    }
}
