package io.streamforge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A minute of {@code ./streamforge chaos}. */
class ChaosIT {

    @Test
    void aMinuteOfRandomKillsAndStopsLosesAndDoublesNothing(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        Verdict verdict = Chaos.run(
                Chaos.Options.parse(new String[] {"--seconds", "60", "--rate", "300"}), directory, System.out::println);
        assertThat(verdict.isClean()).as(verdict.report()).isTrue();
        assertThat(verdict.kills()).isPositive();
        assertThat(verdict.stops()).isPositive();
        assertThat(verdict.produced()).isGreaterThan(1000);
    }
}
