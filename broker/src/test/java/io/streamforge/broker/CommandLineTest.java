package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    @Test
    void dataAloneGivesTheDefaults() {
        assertThat(CommandLine.parse("--data", "d"))
                .isEqualTo(new CommandLine(new BrokerOptions(Path.of("d"), 19092, 19093, 18081, false), false));
    }

    @Test
    void everyOptionIsTaken() {
        assertThat(CommandLine.parse(
                        "--fsync",
                        "--data",
                        "d",
                        "--port",
                        "0",
                        "--controller-port",
                        "1",
                        "--registry-port",
                        "65535",
                        "--detached"))
                .isEqualTo(new CommandLine(new BrokerOptions(Path.of("d"), 0, 1, 65535, true), true));
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> CommandLine.parse("--prot", "--port", "65536", "--registry-port", "x", "--data"))
                .hasMessage("""
                        Unknown option '--prot'. Known: --data, --port, --controller-port, --registry-port, --fsync, --detached.
                        --data must be followed by its value.
                        --data must name the directory that keeps the stream.
                        --port must be a number from 0 to 65535, got '65536'.
                        --registry-port must be a number from 0 to 65535, got 'x'.""");
    }
}
