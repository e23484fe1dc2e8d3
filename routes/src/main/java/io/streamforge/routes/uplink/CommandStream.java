package io.streamforge.routes.uplink;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.streamforge.routes.LogKeys;
import io.streamforge.routes.runtime.Notices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the stream of commands open (server-sent events), and opens it again when it breaks or falls silent. */
final class CommandStream implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandStream.class);
    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(30);
    private static final Duration NOT_YET = Duration.ofSeconds(1);

    private final ControlPlane controlPlane;
    private final Uplink uplink;
    private final Commands commands;
    private final Notices notices;
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "commands-watchdog"));
    private int failures;

    CommandStream(ControlPlane controlPlane, Uplink uplink, Commands commands, Notices notices) {
        this.controlPlane = controlPlane;
        this.uplink = uplink;
        this.commands = commands;
        this.notices = notices;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Optional<Identity> identity = uplink.approved();
                if (identity.isEmpty()) {
                    Thread.sleep(NOT_YET.toMillis());
                } else {
                    hold(identity.get());
                    Thread.sleep(backOff().toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
    }

    private void hold(Identity identity) throws InterruptedException {
        try (InputStream stream = controlPlane.commands(identity)) {
            failures = 0;
            notices.clear(Notices.Subject.COMMANDS);
            // Whatever was announced while the stream was not open is found in the plan.
            uplink.pullNow();
            read(stream);
        } catch (Problem.Unreachable e) {
            LOG.atDebug().setCause(e).log("The command stream cannot be opened");
        } catch (Problem e) {
            notices.raise(Notices.Subject.COMMANDS, "The command stream cannot be opened. " + e.getMessage());
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The command stream broke");
        }
        failures = Math.min(failures + 1, 6);
    }

    private void read(InputStream stream) throws IOException {
        AtomicLong lastHeard = new AtomicLong(System.nanoTime());
        ScheduledFuture<?> watch = watchdog.scheduleWithFixedDelay(
                () -> {
                    if (System.nanoTime() - lastHeard.get() > SILENCE.toNanos()) {
                        close(stream);
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String event = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lastHeard.set(System.nanoTime());
                if (line.isEmpty()) {
                    if (event.equals("command")) {
                        accept(data.toString());
                    }
                    event = "";
                    data.setLength(0);
                } else if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.append(data.isEmpty() ? "" : "\n")
                            .append(line.substring("data:".length()).strip());
                }
            }
        } finally {
            watch.cancel(false);
        }
    }

    private void accept(String data) {
        try {
            commands.accept(ControlPlane.JSON.readTree(data));
        } catch (JsonProcessingException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getOriginalMessage())
                    .log("A command that is not JSON was ignored");
        }
    }

    private static void close(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The silent command stream could not be closed");
        }
    }

    private Duration backOff() {
        Duration delay = Duration.ofMillis(500L << failures);
        Duration capped = delay.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : delay;
        return Duration.ofMillis(
                (long) (capped.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }
}
