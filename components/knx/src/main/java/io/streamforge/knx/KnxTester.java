package io.streamforge.knx;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tries an interface once: opens a tunnel, asks every group that is not only listened to, and says what was heard. */
public final class KnxTester implements ConnectionTester {

    /** A long table takes longer than an operator waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public String connector() {
        return "knx-source";
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        KnxConfig config = KnxConfig.parse(properties);
        List<Point> table = PointTable.parse(points);
        Map<Integer, Sample> heard = new HashMap<>();
        long started = System.nanoTime();
        String failure = hear(config, table, heard);
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
        List<Sample> samples = new ArrayList<>();
        int missing = 0;
        for (Point point : table) {
            Sample sample = heard.getOrDefault(point.row(), unheard(point, failure, now));
            missing += sample.quality() == Quality.BAD ? 1 : 0;
            samples.add(sample);
        }
        Optional<String> fault = failure != null
                ? Optional.of(failure)
                : missing == 0
                        ? Optional.empty()
                        : Optional.of("%d of %d points did not say what they are".formatted(missing, table.size()));
        return new Outcome(samples, fault, Duration.ofNanos(System.nanoTime() - started));
    }

    private static Sample unheard(Point point, @Nullable String failure, Instant now) {
        return failure == null && point.listenOnly()
                ? Book.sample(point, null, Quality.UNCERTAIN, "is only listened to, and nothing came meanwhile", now)
                : Book.sample(
                        point,
                        null,
                        Quality.BAD,
                        failure == null ? "nothing came within %d s".formatted(PATIENCE.toSeconds()) : failure,
                        now);
    }

    /** Why the tunnel does not stand; null if it does. */
    private static @Nullable String hear(KnxConfig config, List<Point> table, Map<Integer, Sample> heard) {
        Pace pace = new Pace(Duration.ZERO, config.ceiling());
        DeviceState state = new DeviceState("KNX", config.address(), pace);
        Inbox inbox = (point, seen) -> {
            for (Sample sample : Observation.samples(seen)) {
                heard.put(point.row(), sample);
            }
        };
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Selector selector = Selector.open();
                Tunnel tunnel = Tunnel.open(config, state, selector)) {
            Bus bus = new Bus(
                    tunnel, config, table, pace, state, new Book(table), inbox, Clock.systemUTC(), new ArrayDeque<>());
            for (long left = PATIENCE.toNanos(); left > 0 && !bus.settled(); left = until - System.nanoTime()) {
                bus.turn(left);
            }
            return null;
        } catch (IOException e) {
            return "connection: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "connection: the test was stopped";
        }
    }
}
