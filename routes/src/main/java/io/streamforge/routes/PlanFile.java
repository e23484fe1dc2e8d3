package io.streamforge.routes;

import io.streamforge.routes.runtime.Notices;
import io.streamforge.routes.runtime.PlanRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Offers a plan from a file, and again whenever the file's content changes: a gateway without a control plane. */
final class PlanFile implements Runnable {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Path file;
    private final PlanRunner runner;
    private final Notices notices;
    private byte[] offered = new byte[0];

    PlanFile(Path file, PlanRunner runner, Notices notices) {
        this.file = file;
        this.runner = runner;
        this.notices = notices;
    }

    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look();
                Thread.sleep(LOOK_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            byte[] content = Files.readAllBytes(file);
            notices.clear(Notices.Subject.PLAN_FILE);
            if (!Arrays.equals(content, offered)) {
                offered = content;
                runner.offerHandWritten(content);
            }
        } catch (IOException e) {
            notices.raise(
                    Notices.Subject.PLAN_FILE, "The plan file %s cannot be read (%s).".formatted(file, e.getMessage()));
        }
    }
}
